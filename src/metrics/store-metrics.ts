import { Counter, Gauge } from 'prom-client';
import { OF_POSTHORN, registry } from './registry.ts';

export const workflowStarts = new Counter({
  name: 'posthorn_workflow_starts_total',
  help: 'Runs that Temporal was asked to start, or to signal where they run already.',
  labelNames: ['workflow', 'result'] as const,
  ...OF_POSTHORN,
});

export const reconcilerLastSuccess = new Gauge({
  name: 'posthorn_reconciler_last_success_timestamp_seconds',
  help: 'When this API’s reconciling loop last ended a round without a fault, whichever replica did the work.',
  ...OF_POSTHORN,
});

export const reconcilerRepairs = new Counter({
  name: 'posthorn_reconciler_repairs_total',
  help: 'What the reconciling loop set right.',
  labelNames: ['kind'] as const,
  ...OF_POSTHORN,
});

export const leasesExpired = new Counter({
  name: 'posthorn_leases_expired_total',
  help: 'Claims whose sender died before it recorded; each is an attempt with outcome_unknown.',
  ...OF_POSTHORN,
});

/** The connections of a pool, as it counts them. */
export interface PoolCounts {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** How a process stands to its servers, asked whenever the page is read. */
export interface StandingSources {
  readonly pool: PoolCounts;
  readonly databaseIsUp: () => boolean;
  readonly temporalIsUp: () => boolean;
}

const watched = new Set<StandingSources>();

/** Shows how a role of this process stands to Postgres and Temporal, until the function it returns is called. */
export function watchStanding(sources: StandingSources): () => void {
  watched.add(sources);
  return () => void watched.delete(sources);
}

function whether(isUp: boolean): number {
  return isUp ? 1 : 0;
}

registry.registerMetric(
  new Gauge({
    name: 'posthorn_database_up',
    help: '1 while Postgres can be used from here.',
    registers: [],
    collect() {
      this.set(whether([...watched].every(({ databaseIsUp }) => databaseIsUp())));
    },
  }),
);

registry.registerMetric(
  new Gauge({
    name: 'posthorn_temporal_up',
    help: '1 while the last call to Temporal from here reached it.',
    registers: [],
    collect() {
      this.set(whether([...watched].every(({ temporalIsUp }) => temporalIsUp())));
    },
  }),
);

registry.registerMetric(
  new Gauge({
    name: 'posthorn_database_pool_connections',
    help: 'Connections to Postgres for publishes, claims and records, and who waits for one.',
    labelNames: ['state'] as const,
    registers: [],
    collect() {
      const sum = (count: (pool: PoolCounts) => number): number =>
        [...watched].reduce((total, { pool }) => total + count(pool), 0);
      this.set(
        { state: 'busy' },
        sum(({ totalCount, idleCount }) => totalCount - idleCount),
      );
      this.set(
        { state: 'idle' },
        sum(({ idleCount }) => idleCount),
      );
      this.set(
        { state: 'waiting' },
        sum(({ waitingCount }) => waitingCount),
      );
    },
  }),
);
