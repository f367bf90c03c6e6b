import { Injectable } from '@nestjs/common';
import { StatsStore } from '../../storage/stats/stats-store.ts';
import { type EndpointStatsAnswer, type Span, type StatsAnswer, showStats } from './stats.dto.ts';

/** Counts attempts and deliveries of a span, of one customer or endpoint or of all; those of the `test` action are left out. */
@Injectable()
export class StatsService {
  readonly #store: StatsStore;

  constructor(store: StatsStore) {
    this.#store = store;
  }

  async count(
    span: Span,
    of: { readonly customerId?: string | undefined; readonly endpointId?: string },
  ): Promise<StatsAnswer> {
    const { customerId, endpointId } = of;
    const scope = {
      ...span,
      ...(customerId !== undefined && { customerId }),
      ...(endpointId !== undefined && { endpointId }),
    };
    const [attempts, deliveries] = await Promise.all([
      this.#store.ofAttempts(scope),
      this.#store.ofDeliveries(scope),
    ]);
    return showStats(span, { attempts, deliveries });
  }

  /** The counts of one endpoint, with what is held and waiting now. */
  async countEndpoint(span: Span, endpointId: string): Promise<EndpointStatsAnswer> {
    const [counts, { held, waiting }] = await Promise.all([
      this.count(span, { endpointId }),
      this.#store.ofBacklog(endpointId),
    ]);
    return { ...counts, held, waiting };
  }
}
