import type { Client as TemporalClient } from '@temporalio/client';
import proto from '@temporalio/proto';
import { Client as PostgresClient } from 'pg';
import { createTemporalClient } from '../../src/temporal/connection.ts';
import { type Distribution, distributionOf } from '../measure/distribution.ts';
import type { LedgerEntry } from '../measure/ledger.ts';
import type { Installation } from '../stage/installation.ts';

/** One leg of the way from publish to receipt. */
export type Phase = Distribution & { readonly phase: string };

type Moments = readonly (readonly [moment: string, at: number | undefined])[];

/** Histories are read one by one; more would only repeat what these say. */
const MAX_SAMPLES = 200;

const EVENT_TYPE = proto.temporal.api.enums.v1.EventType;

/**
 * Where the time goes: distances in milliseconds between moments that Postgres, Temporal and this process each wrote
 * down by the clock of this machine. Give it deliveries that had a workflow of their own and were received at once.
 */
export async function measurePhases(
  installation: Installation,
  entries: readonly LedgerEntry[],
): Promise<readonly Phase[]> {
  const step = Math.max(1, Math.ceil(entries.length / MAX_SAMPLES));
  const sample = entries.filter((_, index) => index % step === 0);
  const temporal = createTemporalClient({ address: installation.temporalAddress, namespace: 'default' });
  const postgres = new PostgresClient({ connectionString: installation.databaseUrl });
  await postgres.connect();
  try {
    const ways: Moments[] = [];
    for (const entry of sample) ways.push(await momentsOf(entry, { temporal, postgres }));
    return summarise(ways);
  } finally {
    await postgres.end();
    await temporal.connection.close();
  }
}

interface Witnesses {
  readonly temporal: TemporalClient;
  readonly postgres: PostgresClient;
}

async function momentsOf(entry: LedgerEntry, { temporal, postgres }: Witnesses): Promise<Moments> {
  const [arrival] = entry.arrivals;
  if (arrival === undefined) return [];
  const rows = await rowMoments(postgres, arrival.deliveryId);
  const history = await historyMoments(temporal, arrival.deliveryId);
  return [
    ['publish begun', performance.timeOrigin + entry.begunAt],
    ['transaction begun', rows?.created],
    ['run started', history.get(EVENT_TYPE.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED)],
    ['workflow task taken', history.get(EVENT_TYPE.EVENT_TYPE_WORKFLOW_TASK_STARTED)],
    ['activity scheduled', history.get(EVENT_TYPE.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)],
    ['activity taken', history.get(EVENT_TYPE.EVENT_TYPE_ACTIVITY_TASK_STARTED)],
    ['signed', rows?.started],
    ['received', performance.timeOrigin + arrival.at],
  ];
}

async function rowMoments(
  postgres: PostgresClient,
  deliveryId: string,
): Promise<Record<'created' | 'started', number> | undefined> {
  const { rows } = await postgres.query<Record<'created' | 'started', number>>(
    `SELECT (extract(epoch FROM d.created_at) * 1000)::float8 AS created,
       (extract(epoch FROM a.started_at) * 1000)::float8 AS started
     FROM deliveries d JOIN attempts a ON a.delivery_id = d.id AND a.number = 1 WHERE d.id = $1`,
    [deliveryId],
  );
  return rows[0];
}

/** When each type of event came first in a run's history. */
async function historyMoments(client: TemporalClient, workflowId: string): Promise<Map<number, number>> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const moments = new Map<number, number>();
  for (const { eventType, eventTime } of events ?? []) {
    const at = Number(eventTime?.seconds ?? 0) * 1_000 + (eventTime?.nanos ?? 0) / 1e6;
    if (typeof eventType === 'number' && !moments.has(eventType)) moments.set(eventType, at);
  }
  return moments;
}

function summarise(ways: readonly Moments[]): readonly Phase[] {
  const names = (ways[0] ?? []).map(([moment]) => moment);
  return names.slice(1).flatMap((name, index) => {
    const spread = distributionOf(ways.flatMap((way) => distance(way[index]?.[1], way[index + 1]?.[1])));
    return spread === null ? [] : [{ phase: `${names[index]} → ${name}`, ...spread }];
  });
}

function distance(from: number | undefined, to: number | undefined): number[] {
  return from === undefined || to === undefined ? [] : [to - from];
}
