import { Injectable } from '@nestjs/common';
import { filterEntriesSelecting } from '../../domain/event-filter.ts';
import type { EndpointFilter } from '../../storage/endpoints/endpoint-filter.ts';
import { EventTypeCatalogue } from '../event-types/event-type-catalogue.ts';
import type { EndpointListQuery } from './endpoint.dto.ts';

/**
 * Turns the filters of a list of endpoints into those of the store; which entries select an event, the catalogue knows.
 */
@Injectable()
export class EndpointFilters {
  readonly #catalogue: EventTypeCatalogue;

  constructor(catalogue: EventTypeCatalogue) {
    this.#catalogue = catalogue;
  }

  async toFilter(
    {
      event,
      status,
      url,
      breaker_state,
      uid,
      failing,
    }: Omit<EndpointListQuery, 'limit' | 'cursor' | 'customer_id'>,
    customerId: string | undefined,
  ): Promise<EndpointFilter> {
    return {
      ...(customerId !== undefined && { customerId }),
      ...(uid !== undefined && { uid }),
      ...(status !== undefined && { status }),
      ...(breaker_state !== undefined && { breakerState: breaker_state }),
      ...(failing !== undefined && { isFailing: failing === 'true' }),
      ...(url !== undefined && { urlContains: url }),
      ...(event !== undefined && { eventEntries: await this.#entriesSelecting(event) }),
    };
  }

  async #entriesSelecting(event: string): Promise<readonly string[]> {
    const type = await this.#catalogue.find(event);
    return filterEntriesSelecting(event, { optIn: type?.optIn ?? false });
  }
}
