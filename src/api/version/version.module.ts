import { Module } from '@nestjs/common';
import { VersionController } from './version.controller.ts';

/** Which Posthorn this is. */
@Module({ controllers: [VersionController] })
export class VersionModule {}
