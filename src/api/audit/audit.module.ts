import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.ts';

/** Reading the audit log; `AuditInterceptor` writes it. */
@Module({ controllers: [AuditController] })
export class AuditModule {}
