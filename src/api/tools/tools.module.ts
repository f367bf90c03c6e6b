import { Module } from '@nestjs/common';
import { Diagnoser } from './diagnoser.ts';
import { ToolsController } from './tools.controller.ts';

/** Signing and verifying for people. */
@Module({ controllers: [ToolsController], providers: [Diagnoser] })
export class ToolsModule {}
