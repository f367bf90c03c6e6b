import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Config } from '../../config.ts';
import { CONFIG } from '../dependencies.ts';
import { Documented } from '../platform/answers/document.ts';

const egressView = z
  .object({
    addresses: z
      .array(z.string())
      .meta({ description: 'Deliveries come from these; empty where the operator has not said.' }),
  })
  .meta({ id: 'Egress' });

/** The addresses that deliveries come from. */
@ApiTags('egress')
@Controller('v1/egress')
export class EgressController {
  readonly #config: Config;

  constructor(@Inject(CONFIG) config: Config) {
    this.#config = config;
  }

  @Get()
  @Documented({
    operation: 'egress_get',
    summary: 'List the addresses that deliveries come from',
    description: 'For the firewalls of receivers.',
    answer: egressView,
  })
  read(): z.output<typeof egressView> {
    return { addresses: this.#config.egressAddresses.map(({ published }) => published) };
  }
}
