import { Gauge } from 'prom-client';
import { OF_POSTHORN } from './registry.ts';

/**
 * What is open in Postgres at a moment. Counts end at a bound, so that looking costs the same whatever has piled up.
 */
export interface OpenState {
  readonly deliveries: Readonly<Record<string, number>>;
  /** Seconds that the most overdue one has been due for, by status. */
  readonly oldestDueSeconds: Readonly<Record<string, number>>;
  readonly heldByReason: Readonly<Record<string, number>>;
  readonly endpoints: readonly {
    readonly status: string;
    readonly breakerState: string;
    readonly count: number;
  }[];
  readonly replayRemaining: number;
  readonly oldestSnapshotSeconds: number;
  readonly deadRows: number;
}

const deliveries = new Gauge({
  name: 'posthorn_deliveries',
  help:
    'Open deliveries and dead letters by status, counted up to ' +
    '100000. Every API shows the same: aggregate with max.',
  labelNames: ['status'] as const,
  ...OF_POSTHORN,
});

const held = new Gauge({
  name: 'posthorn_deliveries_held',
  help: 'Held deliveries by what holds them, of up to 100000. Aggregate with max.',
  labelNames: ['reason'] as const,
  ...OF_POSTHORN,
});

const oldestDue = new Gauge({
  name: 'posthorn_oldest_due_seconds',
  help: 'For how long the most overdue delivery has been due; 0 where none is. Aggregate with max.',
  labelNames: ['status'] as const,
  ...OF_POSTHORN,
});

const endpoints = new Gauge({
  name: 'posthorn_endpoints',
  help: 'Endpoints by status and state of their breaker. Aggregate with max.',
  labelNames: ['status', 'breaker_state'] as const,
  ...OF_POSTHORN,
});

const replayRemaining = new Gauge({
  name: 'posthorn_replay_remaining_deliveries',
  help: 'Deliveries that unfinished replays have still to release. Aggregate with max.',
  ...OF_POSTHORN,
});

const oldestSnapshot = new Gauge({
  name: 'posthorn_database_oldest_snapshot_seconds',
  help: 'Age of the oldest transaction that keeps Postgres from removing dead rows. Aggregate with max.',
  ...OF_POSTHORN,
});

const deadRows = new Gauge({
  name: 'posthorn_open_deliveries_dead_rows',
  help: 'Dead rows in the tables of open deliveries, as Postgres estimates them. Aggregate with max.',
  ...OF_POSTHORN,
});

let readAt: number | null = null;

const stateAge = new Gauge({
  name: 'posthorn_state_age_seconds',
  help: 'How old the figures about the state of deliveries and endpoints are.',
  collect() {
    if (readAt !== null) this.set((performance.now() - readAt) / 1_000);
  },
  ...OF_POSTHORN,
});

/** Shows a state; what it does not name is gone. */
export function showState(state: OpenState): void {
  readAt = performance.now();
  setAll(deliveries, 'status', state.deliveries);
  setAll(held, 'reason', state.heldByReason);
  setAll(oldestDue, 'status', state.oldestDueSeconds);
  endpoints.reset();
  for (const { status, breakerState, count } of state.endpoints)
    endpoints.set({ status, breaker_state: breakerState }, count);
  replayRemaining.set(state.replayRemaining);
  oldestSnapshot.set(state.oldestSnapshotSeconds);
  deadRows.set(state.deadRows);
}

/** Begins to tell how old the figures are, also while none could be read yet. */
export function expectState(): void {
  readAt ??= performance.now();
  stateAge.set(0);
}

function setAll<Label extends string>(
  gauge: Gauge<Label>,
  label: Label,
  values: Readonly<Record<string, number>>,
): void {
  gauge.reset();
  for (const [name, value] of Object.entries(values))
    gauge.set({ [label]: name } as Partial<Record<Label, string>>, value);
}
