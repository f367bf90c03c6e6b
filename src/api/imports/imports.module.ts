import { Module } from '@nestjs/common';
import { EndpointsModule } from '../endpoints/endpoints.module.ts';
import { ImportsController } from './imports.controller.ts';
import { ImportsService } from './imports.service.ts';

/** Moving in from other senders. */
@Module({ imports: [EndpointsModule], controllers: [ImportsController], providers: [ImportsService] })
export class ImportsModule {}
