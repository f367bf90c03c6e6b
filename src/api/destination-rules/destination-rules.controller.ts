import { Body, Controller, Get, Inject, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Config } from '../../config.ts';
import { DestinationRuleStore } from '../../storage/operator/destination-rule-store.ts';
import { CONFIG } from '../dependencies.ts';
import { OperatorOnly } from '../platform/access/caller.ts';
import { Documented } from '../platform/answers/document.ts';
import { Audited } from '../platform/audit/audited.ts';
import {
  destinationRulesView,
  type NewDestinationRules,
  newDestinationRules,
  showRules,
  toLists,
} from './destination-rules.dto.ts';

/** Where deliveries may go: the operator's lists. */
@ApiTags('destination rules')
@OperatorOnly()
@Controller('v1/destination-rules')
export class DestinationRulesController {
  readonly #store: DestinationRuleStore;
  readonly #config: Config;

  constructor(store: DestinationRuleStore, @Inject(CONFIG) config: Config) {
    this.#store = store;
    this.#config = config;
  }

  @Get()
  @Documented({
    operation: 'destination_rules_get',
    summary: 'Read the destination rules',
    description: 'For the operator.',
    answer: destinationRulesView,
    errors: [403],
  })
  async read(): Promise<z.output<typeof destinationRulesView>> {
    return showRules(await this.#store.read(), this.#config.destinations);
  }

  @Put()
  @Audited('destination_rules.replace')
  @Documented({
    operation: 'destination_rules_replace',
    summary: 'Replace the destination rules',
    description:
      'For the operator. Lists left out become empty; those of the configuration stay. API replicas ' +
      'judge by them at once, workers within two seconds, on kept connections too.',
    answer: destinationRulesView,
    errors: [400, 403, 415, 422],
  })
  async replace(
    @Body({ schema: newDestinationRules }) body: NewDestinationRules,
  ): Promise<z.output<typeof destinationRulesView>> {
    return showRules(await this.#store.replace(toLists(body)), this.#config.destinations);
  }
}
