import { Module } from '@nestjs/common';
import { EgressController } from './egress.controller.ts';

/** The addresses that deliveries come from. */
@Module({ controllers: [EgressController] })
export class EgressModule {}
