import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { PortalSessionsController } from './portal-sessions.controller.ts';

/** Links to customers' portals. */
@Module({ imports: [SessionsModule], controllers: [PortalSessionsController] })
export class PortalSessionsModule {}
