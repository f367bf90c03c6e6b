import { Module } from '@nestjs/common';
import { DestinationRuleStore } from '../../storage/operator/destination-rule-store.ts';
import { provideStore } from '../dependencies.ts';
import { DestinationRulesController } from './destination-rules.controller.ts';

/** The operator's lists of where deliveries may go. */
@Module({ controllers: [DestinationRulesController], providers: [provideStore(DestinationRuleStore)] })
export class DestinationRulesModule {}
