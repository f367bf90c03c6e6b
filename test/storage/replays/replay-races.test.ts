import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Claim } from '../../../src/storage/claims/claim.ts';
import type { NewEndpoint } from '../../../src/storage/endpoints/endpoint-store.ts';
import { claimDue } from '../../support/storage/claim-due.ts';
import { type GateStage, setGateStage } from '../../support/storage/gate-stage.ts';
import { openReplays, type ReplayStage, type Replays } from '../../support/storage/replay-stage.ts';
import { openStorage, recordOf, request, type StorageUnderTest } from '../../support/storage/storage.ts';

const ROUNDS = 3;
const MOVES_PER_ROUND = 150;
const MOVERS = 6;
const ENDED_UNDELIVERED = 60;
const BATCH = { maxEvents: 5, maxWaitMs: 1, maxBytes: 100_000 };

let storage: StorageUnderTest;
let gates: GateStage;
let replays: Replays;

beforeAll(async () => {
  storage = await openStorage();
  gates = setGateStage(storage);
  replays = openReplays(storage);
});
afterAll(async () => await storage.close());

function pick<T>(values: readonly T[]): T | undefined {
  return values[Math.floor(Math.random() * values.length)];
}

/** Some die once more, some are retried, most are taken; of what somebody wanted by hand failures leave it as it was. */
async function record(claim: Claim): Promise<void> {
  const chance = Math.random();
  const failure =
    claim.trigger === 'manual'
      ? ({ kind: 'restored' } as const)
      : chance < 0.1
        ? ({ kind: 'dead', reason: 'retries_exhausted' } as const)
        : ({ kind: 'retry', delayMs: 0 } as const);
  const verdict = chance < 0.3 ? failure : ({ kind: 'delivered' } as const);
  await storage.recorder.record({ ...recordOf(claim, verdict), next: 'wave' });
}

/** What happens to an endpoint with the replays `begun` of it. */
function movesOf(stage: ReplayStage, begun: string[]): readonly (() => Promise<unknown>)[] {
  const { endpointId, customerId } = stage;
  const step = async (): Promise<void> => {
    const id = pick(begun);
    if (id !== undefined) await replays.releases.step(id);
  };
  const drain = async (): Promise<void> => {
    const drain = await gates.open(endpointId);
    const look = await gates.look(drain, 20);
    if (look.kind === 'draining')
      await Promise.all(
        look.calls.map(async ({ outgoing }) =>
          Math.random() < 0.1
            ? await storage.claims.release(...outgoing)
            : await Promise.all(outgoing.map(record)),
        ),
      );
    await gates.upkeep.endDrain(drain);
  };
  const wave = async (): Promise<void> => {
    const { claims } = await claimDue(storage.waveClaims, { most: 10 });
    await Promise.all(claims.map(record));
  };
  return [
    async () => begun.push((await stage.retry()).id),
    async () => begun.push((await stage.recover()).id),
    step,
    step,
    step,
    async () => await replays.store.cancel(pick(begun) ?? '').catch(expectDomainError),
    drain,
    drain,
    wave,
    wave,
    async () => await storage.publish({ customerId }),
    async () => await byHand(endpointId),
    async () => await storage.endpointSwitch.pause(endpointId, {}),
    async () => await storage.endpointSwitch.resume(endpointId),
    async () => await storage.endpointSwitch.shut(endpointId),
    async () => await storage.endpointSwitch.enable(endpointId),
    async () => await storage.overdue.settleHeld(),
  ];
}

function expectDomainError(error: Error): void {
  expect(error.constructor.name).toBe('DomainError');
}

async function byHand(endpointId: string): Promise<void> {
  const [one] = await rows(
    "SELECT id FROM deliveries WHERE endpoint_id = $1 AND status <> 'sending' ORDER BY random() LIMIT 1",
    endpointId,
  );
  const id = String(one?.id);
  const marked = await storage.actions.markRetry(id, randomUUID()).catch(expectDomainError);
  if (marked === undefined) return;
  const claim = await storage.claims.claimByHand({ ...request(id), mark: marked.mark });
  if (claim !== null && !('why' in claim)) await record(claim);
}

async function rows(sql: string, ...values: readonly unknown[]) {
  return (await storage.database.pool.query<Record<string, unknown>>(sql, [...values])).rows;
}

/** Rows that nobody would ever look at again, and why. */
const STRANDED_SQL = `
  SELECT d.id, d.status, g.is_open, g.needs_wake, d.wave_at, d.recheck_at, d.retry_mark, d.owner
  FROM deliveries d JOIN gates g ON g.endpoint_id = d.endpoint_id LEFT JOIN gate_drains c ON c.endpoint_id = g.endpoint_id
  WHERE d.endpoint_id = $1 AND CASE
    WHEN d.status IN ('delivered', 'dead', 'skipped') THEN d.retry_mark IS NOT NULL AND d.recheck_at IS NULL
    WHEN d.status = 'held' THEN d.recheck_at IS NULL AND (g.is_open OR NOT (g.needs_wake OR coalesce(c.lease_until > now(), false)))
    ELSE coalesce(d.wave_at, d.recheck_at) IS NULL END`;

/** Once all has stood still: wishes are granted, what waits for another look gets it, and all replays run to their end. */
async function settle({ endpointId }: ReplayStage, begun: readonly string[]): Promise<void> {
  const { pool } = storage.database;
  await storage.endpointSwitch.resume(endpointId);
  await pool.query(
    'UPDATE deliveries SET retry_mark = NULL, recheck_at = now() WHERE retry_mark IS NOT NULL',
  );
  for (let passes = 0; passes < 4; passes += 1) {
    for (const id of begun) await replays.stepThrough(id);
    await pool.query('UPDATE deliveries SET recheck_at = now() WHERE recheck_at IS NOT NULL');
    await pool.query(
      `UPDATE deliveries SET wave_at = now(), recheck_at = NULL
       WHERE status IN ('queued', 'retrying') AND wave_at IS NULL`,
    );
    await pool.query('UPDATE gate_drains SET lease_until = now() WHERE endpoint_id = $1', [endpointId]);
    await gates.deliverDue();
  }
}

describe('replays', () => {
  it.each<readonly [string, Partial<NewEndpoint>]>([
    ['nothing is', {}],
    ['the order is', { ordered: true }],
    ['batches are', { batch: BATCH }],
    ['a cap is', { maxConcurrency: 2 }],
    ['a rate is', { rateLimit: { limit: 100_000, per: 'second' } }],
  ])(
    'lose and strand nothing, and count right, while all happens at once and %s kept',
    async (_what, settings) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const stage = await replays.stage(settings);
        await stage.dead(ENDED_UNDELIVERED);
        await stage.missed(ENDED_UNDELIVERED);
        const begun: string[] = [];
        const moves = movesOf(stage, begun);
        const moving = Array.from({ length: MOVERS }, async () => {
          for (let count = 0; count < MOVES_PER_ROUND / MOVERS; count += 1) await pick(moves)?.();
        });
        await Promise.all(moving);
        expect(await rows(STRANDED_SQL, stage.endpointId)).toEqual([]);
        await settle(stage, begun);
        begun.push((await stage.retry()).id, (await stage.recover()).id);
        await settle(stage, begun);
        const left = await rows(
          "SELECT id, status, wave_at, recheck_at, position, batch_id, replay_id FROM deliveries WHERE endpoint_id = $1 AND status <> 'delivered'",
          stage.endpointId,
        );
        expect(left).toEqual([]);
        for (const id of begun) {
          const { status, counts } = await replays.read(id);
          expect(['completed', 'cancelled']).toContain(status);
          expect(counts.remaining).toBe(0);
          expect(counts.delivered + counts.dead + counts.cancelled).toBe(counts.released);
          if (status === 'completed') expect(counts.released + counts.passedOver).toBe(counts.total);
        }
      }
    },
  );
});
