import { Module } from '@nestjs/common';
import { EchoController } from './echo.controller.ts';
import { EchoService } from './echo.service.ts';

/** Echo receivers. */
@Module({ controllers: [EchoController], providers: [EchoService] })
export class EchoModule {}
