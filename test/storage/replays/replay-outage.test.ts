import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BreakerStore, type HealthResult } from '../../../src/storage/gates/breaker-store.ts';
import { type Replay, replayOutage } from '../../../src/storage/replays/replay-store.ts';
import { openReplays, type ReplayStage, type Replays } from '../../support/storage/replay-stage.ts';
import { openStorage, type StorageUnderTest } from '../../support/storage/storage.ts';

let storage: StorageUnderTest;
let replays: Replays;
let breakers: BreakerStore;

beforeAll(async () => {
  storage = await openStorage();
  replays = openReplays(storage);
  breakers = new BreakerStore(storage.database, { onRecovered: replayOutage });
});
afterAll(async () => await storage.close());

async function result(endpointId: string, isSuccess: boolean): Promise<HealthResult> {
  const { rows } = await storage.database.pool.query<{ epoch: number }>(
    'SELECT epoch FROM endpoint_health WHERE endpoint_id = $1',
    [endpointId],
  );
  return {
    endpointId,
    trigger: 'automatic',
    breakerEpoch: rows[0]?.epoch ?? 0,
    isFailing: true,
    errorCode: isSuccess ? null : 'http_503',
    retryAfterMs: null,
    isExcused: false,
  };
}

/** Has its breaker open, something die, and its probe succeed. */
async function outage(stage: ReplayStage, deaths: number): Promise<readonly string[]> {
  const failure = await result(stage.endpointId, false);
  await breakers.fold(Array.from({ length: 10 }, () => failure));
  const ids = await stage.dead(deaths, { finished_at: new Date() });
  await storage.endpointSwitch.resume(stage.endpointId, { by: 'operator' });
  await breakers.fold([await result(stage.endpointId, true)]);
  return ids;
}

async function replaysOf({ endpointId }: ReplayStage): Promise<readonly Replay[]> {
  return await replays.store.list({ endpointId }, { fetchLimit: 10, beforeId: null });
}

describe('replayOutage', () => {
  it('begins one replay a recovery, of what died since the breaker opened', async () => {
    const stage = await replays.stage({ replayOnRecovery: true });
    await stage.dead(2);
    await outage(stage, 3);
    const [replay, ...others] = await replaysOf(stage);
    expect(others).toEqual([]);
    expect(replay).toMatchObject({
      kind: 'dead_letters',
      status: 'running',
      requestedBy: 'recovery',
      counts: { total: 3 },
    });
    expect((await replays.store.listStray(10)).map(({ replayId }) => replayId)).toEqual([replay?.id]);
  });

  it('begins none where nothing died, and none of an endpoint that does not want it', async () => {
    const [well, other] = [await replays.stage({ replayOnRecovery: true }), await replays.stage()];
    await outage(well, 0);
    await outage(other, 1);
    expect([await replaysOf(well), await replaysOf(other)]).toEqual([[], []]);
  });
});
