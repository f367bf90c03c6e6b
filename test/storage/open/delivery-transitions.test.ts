import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  DELIVERY_STATUSES,
  type DeliveryStatus,
  ENDED_STATUSES,
  type Verdict,
} from '../../../src/domain/delivery.ts';
import {
  DELIVERY_TRANSITIONS,
  type DeliveryEvent,
  type Outcome,
} from '../../../src/domain/delivery-transitions.ts';
import { DomainError } from '../../../src/domain/errors.ts';
import type { Claim } from '../../../src/storage/claims/claim.ts';
import { EndpointStore } from '../../../src/storage/endpoints/endpoint-store.ts';
import { DeadLetters } from '../../../src/storage/replays/dead-letters.ts';
import { Retention } from '../../../src/storage/upkeep/retention.ts';
import { openReplays, type Replays } from '../../support/storage/replay-stage.ts';
import { ageDelivery } from '../../support/storage/rows.ts';
import { openStorage, recordOf, request, type StorageUnderTest } from '../../support/storage/storage.ts';
import {
  type StagedDelivery,
  setTransitionStage,
  type TransitionStage,
} from '../../support/storage/transition-stage.ts';

const RETENTION_DAYS = 30;

let storage: StorageUnderTest;
let stage: TransitionStage;
let replays: Replays;

beforeAll(async () => {
  storage = await openStorage();
  storage.database.watch.steadyForMs = () => storage.database.timing.steadyMs;
  stage = setTransitionStage(storage);
  replays = openReplays(storage);
});
afterAll(async () => {
  await stage.close();
  await storage.close();
});

/** Makes each event happen to a delivery; what needs a claim that was never made does not happen. */
const HAPPEN: Readonly<
  Record<DeliveryEvent, (staged: StagedDelivery, from: DeliveryStatus) => Promise<unknown>>
> = {
  claimed_by_run: async ({ id }) => await storage.claims.claim(request(id)),
  claimed_by_wave: async () => await replays.claimDue(),
  claimed_by_gate: async ({ endpointId }) => await stage.gates.look(await stage.gates.open(endpointId), 10),
  given_back: async ({ claim }) => await storage.claims.release(claimOf(claim)),
  succeeded: async ({ claim }) => await record(claim, { kind: 'delivered' }),
  failed: async ({ claim }) => await record(claim, { kind: 'retry', delayMs: 0 }),
  died: async ({ claim }) => await record(claim, { kind: 'dead', reason: 'retries_exhausted' }),
  lease_ended: async ({ id }) => await storage.expiredSends.closeExpired([id]),
  gate_shut: async ({ endpointId }) => await storage.endpointSwitch.pause(endpointId, {}),
  gate_opened: async ({ endpointId }) => {
    const endpoints = new EndpointStore(storage.database, storage.secretBox);
    await endpoints.update(endpointId, { maxConcurrency: null });
    await storage.endpointSwitch.resume(endpointId);
  },
  retry_asked: async ({ id }) => await storage.actions.markRetry(id, randomUUID()),
  claimed_by_hand: async ({ id }) => await claimByHand(id),
  failed_by_hand: async ({ id }) => await record(await claimByHand(id), { kind: 'restored' }),
  cancelled: async ({ id }) => await storage.actions.cancel(id),
  discarded: async ({ id }) => await new DeadLetters(storage.database).discard({ ids: [id] }),
  endpoint_deleted: async ({ endpointId }) => await storage.removal.remove(endpointId),
  replayed: async ({ endpointId }) => {
    for (const replayId of await beginReplays(endpointId)) await replays.stepThrough(replayId);
  },
  replay_cancelled: async ({ endpointId }) => {
    for (const replayId of await beginReplays(endpointId)) {
      await replays.stepThrough(replayId);
      if ((await replays.read(replayId)).status !== 'running') continue;
      await replays.store.cancel(replayId);
      await replays.stepThrough(replayId);
    }
  },
  came_due: async () => await storage.scheduled.moveDue(() => {}),
  outlived: async ({ id, endpointId }, from) => {
    if (from === 'held') await storage.endpointSwitch.disable(endpointId, 'by_hand');
    await ageDelivery(storage.database.pool, id, RETENTION_DAYS + 1);
    await new Retention(storage.database).sweep(RETENTION_DAYS);
  },
};

class NeverClaimed extends Error {}

function claimOf(claim: Claim | null): Claim {
  if (claim === null) throw new NeverClaimed();
  return claim;
}

async function record(claim: Claim | null, verdict: Verdict): Promise<void> {
  await storage.recorder.record(recordOf(claimOf(claim), verdict));
}

async function claimByHand(id: string): Promise<Claim> {
  const { mark } = await storage.actions.markRetry(id, randomUUID());
  const claim = await storage.claims.claimByHand({ ...request(id), mark });
  if (claim === null || 'why' in claim) throw new Error('a mark was given and nothing claimed');
  return claim;
}

async function beginReplays(endpointId: string): Promise<readonly string[]> {
  const deadLetters = await replays.begin({ kind: 'dead_letters', filter: { endpointId } });
  const missed = await replays.begin({ kind: 'missed', filter: { endpointId } });
  return [deadLetters.id, missed.id];
}

async function outcomeOf(event: DeliveryEvent, from: DeliveryStatus): Promise<Outcome> {
  const staged = await stage.bring(from);
  expect(await stage.statusOf(staged.id)).toBe(from);
  const refusal = await refusalOf(async () => await HAPPEN[event](staged, from));
  const to = await stage.statusOf(staged.id);
  if (refusal !== null) expect(to).toBe(from);
  expect(await misplacedOf(staged.id)).toEqual([]);
  return refusal ?? (to === from ? 'same' : (to ?? 'removed'));
}

/** A delivery is in one place, among the open ones only where something is to happen. */
async function misplacedOf(id: string): Promise<readonly unknown[]> {
  const { rows } = await storage.database.pool.query(
    `SELECT o.status, o.retry_mark FROM open_deliveries o LEFT JOIN ended_deliveries e USING (id)
     WHERE id = $1 AND (e.status IS NOT NULL OR (o.status = ANY($2) AND o.retry_mark IS NULL))`,
    [id, ENDED_STATUSES],
  );
  return rows;
}

async function refusalOf(happen: () => Promise<unknown>): Promise<Outcome | null> {
  try {
    await happen();
    return null;
  } catch (error) {
    if (error instanceof NeverClaimed) return 'never';
    if (error instanceof DomainError && error.kind === 'conflict') return 'refused';
    throw error;
  }
}

describe('deliveries', () => {
  it.each(Object.keys(DELIVERY_TRANSITIONS) as DeliveryEvent[])(
    'become what the table says where they are %s',
    async (event) => {
      const outcomes: Partial<Record<DeliveryStatus, Outcome>> = {};
      for (const from of DELIVERY_STATUSES) outcomes[from] = await outcomeOf(event, from);
      expect(outcomes).toEqual(DELIVERY_TRANSITIONS[event]);
    },
  );
});
