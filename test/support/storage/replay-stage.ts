import { randomUUID } from 'node:crypto';
import { newId } from '../../../src/new-id.ts';
import type { Claim } from '../../../src/storage/claims/claim.ts';
import type { NewEndpoint } from '../../../src/storage/endpoints/endpoint-store.ts';
import { ReplayReleases } from '../../../src/storage/replays/replay-releases.ts';
import type { ReplaySelection, SelectionFilter } from '../../../src/storage/replays/replay-selection.ts';
import type { ReplayStep } from '../../../src/storage/replays/replay-step.ts';
import { type Replay, ReplayStore } from '../../../src/storage/replays/replay-store.ts';
import { claimDue } from './claim-due.ts';
import { insertDelivery } from './rows.ts';
import { recordOf, type StorageUnderTest } from './storage.ts';

/** An endpoint of a customer of its own with something to replay. */
export interface ReplayStage {
  readonly endpointId: string;
  readonly customerId: string;
  /** Deliveries that ended dead after four attempts; their ids in order of acceptance. */
  dead(count: number, columns?: Readonly<Record<string, unknown>>): Promise<readonly string[]>;
  /** Deliveries that were delivered at once. */
  delivered(count: number, columns?: Readonly<Record<string, unknown>>): Promise<readonly string[]>;
  /** Deliveries that were skipped while the endpoint was disabled. */
  missed(count: number, columns?: Readonly<Record<string, unknown>>): Promise<readonly string[]>;
  /** Begins a replay of this endpoint's dead letters. */
  retry(filter?: SelectionFilter): Promise<Replay>;
  /** Begins a replay of what this endpoint missed. */
  recover(filter?: SelectionFilter): Promise<Replay>;
}

/** Replays over one database. */
export interface Replays {
  readonly store: ReplayStore;
  readonly releases: ReplayReleases;
  stage(settings?: Partial<NewEndpoint>): Promise<ReplayStage>;
  begin(selection: ReplaySelection): Promise<Replay>;
  /** Steps until one releases nothing. @returns how many deliveries each step released, and what the last one said */
  stepThrough(replayId: string): Promise<{ readonly released: readonly number[]; readonly last: ReplayStep }>;
  read(replayId: string): Promise<Replay>;
  /** Claims what waits for waves, as a drain does; so many of each endpoint, live and replayed by themselves. */
  claimDue(most?: number): Promise<readonly Claim[]>;
  /** Claims and delivers what waits for waves. */
  deliverDue(): Promise<readonly Claim[]>;
}

const LONG_AGO = new Date(Date.now() - 3_600_000);
const DEAD = {
  status: 'dead',
  attempts_made: 4,
  retries_used: 3,
  dead_reason: 'retries_exhausted',
  last_status_code: 503,
  last_error_code: 'http_503',
  created_at: LONG_AGO,
  finished_at: LONG_AGO,
};
const DELIVERED = { status: 'delivered', attempts_made: 1, created_at: LONG_AGO, finished_at: LONG_AGO };
const MISSED = { status: 'skipped', attempts_made: 0, created_at: LONG_AGO, finished_at: LONG_AGO };

/** Opens the stores of replays, and what sets the stage for them. */
export function openReplays(storage: StorageUnderTest): Replays {
  const store = new ReplayStore(storage.database);
  const releases = new ReplayReleases(storage.database);
  const begin: Replays['begin'] = async (selection) =>
    await store.create({ id: newId('rpl'), selection, requestedBy: 'operator' });
  const claimSome: Replays['claimDue'] = async (most) =>
    (await claimDue(storage.waveClaims, most === undefined ? {} : { most })).claims;
  return {
    store,
    releases,
    begin,
    claimDue: claimSome,
    deliverDue: async () => {
      const claims = await claimSome();
      await Promise.all(
        claims.map(async (claim) => await storage.recorder.record(recordOf(claim, { kind: 'delivered' }))),
      );
      return claims;
    },
    stepThrough: async (replayId) => {
      const released: number[] = [];
      for (;;) {
        const last = await releases.step(replayId);
        if (last.kind !== 'released') return { released, last };
        released.push(last.released.count);
      }
    },
    read: async (replayId) => {
      const replay = await store.read(replayId);
      if (replay === null) throw new Error(`there is no replay ${replayId}`);
      return replay;
    },
    stage: async (settings = {}) => await setStage(storage, { settings, begin }),
  };
}

async function setStage(
  storage: StorageUnderTest,
  { settings, begin }: { readonly settings: Partial<NewEndpoint>; readonly begin: Replays['begin'] },
): Promise<ReplayStage> {
  const customerId = randomUUID();
  const endpointId = await storage.endpoint({ customerId, ...settings });
  await storage.endpointSwitch.settle(endpointId);
  const insert = async (count: number, columns: Readonly<Record<string, unknown>>) => {
    const ids: string[] = [];
    const row = { endpoint_id: endpointId, customer_id: customerId, ...columns };
    for (let index = 0; index < count; index += 1) ids.push(await insertDelivery(storage.database.pool, row));
    return ids;
  };
  return {
    endpointId,
    customerId,
    dead: async (count, columns = {}) => await insert(count, { ...DEAD, ...columns }),
    delivered: async (count, columns = {}) => await insert(count, { ...DELIVERED, ...columns }),
    missed: async (count, columns = {}) => await insert(count, { ...MISSED, ...columns }),
    retry: async (filter = {}) => await begin({ kind: 'dead_letters', filter: { endpointId, ...filter } }),
    recover: async (filter = {}) => await begin({ kind: 'missed', filter: { endpointId, ...filter } }),
  };
}
