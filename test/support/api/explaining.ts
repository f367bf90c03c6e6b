import { type AttemptRecord, AttemptRecorder } from '../../../src/storage/claims/attempt-recorder.ts';
import { RunClaims } from '../../../src/storage/claims/run-claims.ts';
import { answered, recordOf, request } from '../storage/storage.ts';
import type { ApiCall, ApiUnderTest } from './api.ts';

/** What became of an event at one endpoint, as the API tells it. */
export interface Explained {
  readonly endpoint_id: string;
  readonly delivery_id: string | null;
  readonly outcome: string;
  readonly rule: string | null;
  readonly sentence: string;
  readonly endpoint_then: { readonly url: string } | null;
}

/** What became of an event, by the names of its endpoints. */
export async function explainedTo(
  call: ApiCall,
  { event, ids }: { readonly event: string; readonly ids: Readonly<Record<string, string>> },
): Promise<ReadonlyMap<string, Explained>> {
  const { status, body } = await call('GET', `/v1/events/${event}/explain`);
  if (status !== 200) throw new Error(`explaining ${event} was answered with ${status}`);
  const endpoints = body.endpoints as unknown as readonly Explained[];
  const named = Object.entries(ids);
  return new Map(endpoints.map((one) => [named.find(([, id]) => id === one.endpoint_id)?.[0] ?? '', one]));
}

/** Makes the only attempt of a delivery, as a worker would. */
export async function endDelivery(
  { database, secretBox }: ApiUnderTest,
  id: string,
  { verdict, outcome = answered(200) }: Pick<AttemptRecord, 'verdict'> & Partial<AttemptRecord>,
): Promise<void> {
  const { rows } = await database.pool.query('SELECT retry_mark FROM open_deliveries WHERE id = $1', [id]);
  const claim = await new RunClaims(database, secretBox).claim(request(id, rows[0]?.retry_mark));
  if (claim === null) throw new Error(`${id} could not be claimed`);
  await new AttemptRecorder(database).record(recordOf(claim, verdict, outcome));
}

/** Everything that happened until now happened a day earlier. */
export async function aDayPasses({ database }: ApiUnderTest): Promise<void> {
  const earlier = (column: string) => `${column} = ${column} - interval '1 day'`;
  for (const [table, columns] of [
    ['events', ['created_at', 'erased_at', 'cancelled_at']],
    ['open_deliveries', ['created_at']],
    ['ended_deliveries', ['created_at', 'finished_at']],
    ['endpoints', ['created_at', 'deleted_at', 'status_since']],
    ['endpoint_versions', ['at', 'status_since']],
    ['event_type_versions', ['at']],
  ] as const)
    await database.pool.query(`UPDATE ${table} SET ${columns.map(earlier).join(', ')}`);
}
