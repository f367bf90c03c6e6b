import { Injectable } from '@nestjs/common';
import { adviceFor } from '../../domain/error-code.ts';
import type { Span } from '../../domain/rollup-grain.ts';
import { MasterKeyHolders } from '../../storage/sealed/master-key-holders.ts';
import { type Now, NowStore } from '../../storage/stats/now-store.ts';
import { SeriesStore } from '../../storage/stats/series-store.ts';
import { StatsStore } from '../../storage/stats/stats-store.ts';
import { daysAheadOf, HistoryDays } from '../../storage/upkeep/history-days.ts';
import type { Inside } from './now.dto.ts';
import { type EndpointStatsAnswer, type StatsAnswer, showStats } from './stats.dto.ts';
import type { TopAnswer, TopQuery } from './top.dto.ts';

/**
 * Counts attempts and deliveries of a span, of one customer or endpoint or of all; those of the `test` action are left
 * out.
 */
@Injectable()
export class StatsService {
  readonly #store: StatsStore;
  readonly #series: SeriesStore;
  readonly #nowStore: NowStore;
  readonly #holders: MasterKeyHolders;
  readonly #days: HistoryDays;

  constructor(
    store: StatsStore,
    series: SeriesStore,
    nowStore: NowStore,
    holders: MasterKeyHolders,
    days: HistoryDays,
  ) {
    this.#store = store;
    this.#series = series;
    this.#nowStore = nowStore;
    this.#holders = holders;
    this.#days = days;
  }

  async count(
    span: Span,
    of: { readonly customerId?: string | undefined; readonly endpointId?: string },
  ): Promise<StatsAnswer> {
    const { customerId, endpointId } = of;
    const scope = { ...span, customerId, endpointIds: endpointId === undefined ? undefined : [endpointId] };
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

  /** How things stand at this moment, of one customer or of all, and what only the operator is told. */
  async now(customerId: string | undefined): Promise<{ readonly now: Now; readonly inside: Inside }> {
    const [now, workers, days] = await Promise.all([
      this.#nowStore.read(customerId),
      this.#holders.countAlive('worker'),
      this.#days.read(),
    ]);
    return { now, inside: { workers, historyDaysAhead: daysAheadOf(days) } };
  }

  /** Whose counts are the largest within a span. */
  async top(
    span: Span,
    { query, customerId }: { readonly query: TopQuery; readonly customerId: string | undefined },
  ): Promise<TopAnswer> {
    const rows = await this.#series.top({ ...span, customerId }, query);
    const urls =
      query.by === 'endpoint' ? await this.#series.urlsOf(rows.map(({ subject }) => subject)) : null;
    return {
      after: span.after.toISOString(),
      before: span.before.toISOString(),
      items: rows.map(({ subject, firstAt, lastAt, ...counts }) => ({
        subject,
        url: urls?.get(subject) ?? null,
        advice: query.by === 'error_code' ? adviceFor(subject) : null,
        ...counts,
        first_at: firstAt.toISOString(),
        last_at: lastAt.toISOString(),
      })),
    };
  }
}
