import { Module } from '@nestjs/common';
import { ToolsController } from './tools.controller.ts';

/** Signing and verifying for people. */
@Module({ controllers: [ToolsController] })
export class ToolsModule {}
