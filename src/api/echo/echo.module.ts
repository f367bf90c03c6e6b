import { Module } from '@nestjs/common';
import { DeliveriesModule } from '../deliveries/deliveries.module.ts';
import { EchoController } from './echo.controller.ts';
import { EchoService } from './echo.service.ts';

/** Echo receivers. */
@Module({ imports: [DeliveriesModule], controllers: [EchoController], providers: [EchoService] })
export class EchoModule {}
