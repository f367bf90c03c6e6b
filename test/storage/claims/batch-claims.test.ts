import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BatchSettings } from '../../../src/domain/batch.ts';
import { GateUpkeep } from '../../../src/storage/gates/gate-upkeep.ts';
import { revive } from '../../../src/storage/open/ended.ts';
import { inTransaction } from '../../../src/storage/postgres/database.ts';
import { Retention } from '../../../src/storage/upkeep/retention.ts';
import { deliveriesIn, onlyCall, recordsOf, setBatchStage } from '../../support/storage/batch-stage.ts';
import { openStorage, recordOf, request, type StorageUnderTest } from '../../support/storage/storage.ts';
import { untilSomebodyWaits } from '../../support/storage/until-somebody-waits.ts';

let storage: StorageUnderTest;

beforeAll(async () => {
  storage = await openStorage();
});
afterAll(async () => await storage.close());

const batch: BatchSettings = { maxEvents: 3, maxWaitMs: 60_000, maxBytes: 100_000 };
const data = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `{"n":${n}}`);
const OLD = "due_at = now() - interval '2 minutes', created_at = now() - interval '2 minutes'";
const DUE = 'due_at = now()';
const RETRY = { kind: 'retry', delayMs: 60_000 } as const;
const DEAD = { kind: 'dead', reason: 'retries_exhausted' } as const;

describe('claimBatches', () => {
  it('forms full batches in order and lets the rest wait for company', async () => {
    const gate = await setBatchStage(storage, { batch });
    const ids = await gate.publish(data(7));
    const calls = await gate.take();
    expect(calls.map(deliveriesIn)).toEqual([ids.slice(0, 3), ids.slice(3, 6)]);
    expect(new Set(calls.map(([lead]) => lead.batch?.id)).size).toBe(2);
    expect(calls[0]?.map((claim) => claim.batch?.attempt)).toEqual([1, 1, 1]);
    expect(await gate.look()).toMatchObject({ calls: [], waitMs: expect.closeTo(60_000, -4) });
    expect(await storage.delivery(ids[6] ?? '')).toMatchObject({ status: 'held', batch_id: null });
  });

  it('lets go what is neither full nor new', async () => {
    const gate = await setBatchStage(storage, { batch });
    const ids = await gate.publish(data(2));
    expect(await gate.take()).toEqual([]);
    await gate.setDeliveries(OLD);
    expect((await gate.take()).map(deliveriesIn)).toEqual([ids]);
  });

  it('sends alone what is larger than a batch may be', async () => {
    const gate = await setBatchStage(storage, { batch: { ...batch, maxBytes: 1_024 } });
    const large = JSON.stringify({ text: 'x'.repeat(2_000) });
    const ids = await gate.publish(['{}', large, '{}']);
    expect((await gate.take()).map(deliveriesIn)).toEqual([[ids[0]], [ids[1]]]);
  });

  it('takes no more batches at a time than fit into memory, and the rest with the next look', async () => {
    const gate = await setBatchStage(storage, { batch: { ...batch, maxBytes: 1_024 } });
    const ids = await gate.publish(data(8));
    await storage.database.pool.query(
      `UPDATE events SET data = '"' || repeat('x', 5000000) || '"' WHERE customer_id = $1`,
      [gate.customerId],
    );
    await gate.setDeliveries(OLD);
    const taken = [await gate.take(), await gate.take()];
    expect(taken.map((calls) => calls.length)).toEqual([6, 2]);
    expect(taken.flat().flatMap(deliveriesIn).sort()).toEqual([...ids].sort());
  });

  it('sends a batch that failed again whole, once it is due, with the next number of its own', async () => {
    const gate = await setBatchStage(storage, { batch });
    const ids = await gate.publish(data(3));
    const first = onlyCall(await gate.take());
    expect(await storage.recorder.recordBatch(recordsOf(first, RETRY))).toMatchObject({ status: 'held' });
    expect(await gate.look()).toMatchObject({ calls: [], waitMs: expect.closeTo(60_000, -4) });
    await gate.publish(data(1));
    await gate.setDeliveries(DUE);
    const again = onlyCall(await gate.take());
    expect(deliveriesIn(again)).toEqual(ids);
    expect(again[0].batch).toEqual({ ...first[0].batch, attempt: 2 });
    await storage.recorder.recordBatch(recordsOf(again, { kind: 'delivered' }));
    for (const id of ids) {
      expect(await storage.delivery(id)).toMatchObject({
        status: 'delivered',
        batch_id: first[0].batch?.id,
      });
      expect(await storage.attempts(id)).toMatchObject([
        { number: 1, batch_attempt: 1 },
        { number: 2, batch_attempt: 2, batch_id: first[0].batch?.id },
      ]);
    }
  });

  it('counts the attempts of the batch, whatever its members went through before', async () => {
    const gate = await setBatchStage(storage, { batch });
    const [tried = ''] = await gate.publish(data(3));
    const set = 'UPDATE open_deliveries SET attempts_made = 2, retries_used = 2 WHERE id = $1';
    await storage.database.pool.query(set, [tried]);
    const call = onlyCall(await gate.take());
    expect(call.map(({ attempt }) => attempt)).toEqual([3, 1, 1]);
    expect(call.map((claim) => claim.batch?.attempt)).toEqual([1, 1, 1]);
  });

  it('makes all members dead letters, which go together again in a batch of another id', async () => {
    const gate = await setBatchStage(storage, { batch });
    const ids = await gate.publish(data(3));
    const first = onlyCall(await gate.take());
    expect(await storage.recorder.recordBatch(recordsOf(first, DEAD))).toMatchObject({ status: 'dead' });
    for (const id of ids)
      expect(await storage.delivery(id)).toMatchObject({ status: 'dead', batch_id: null });
    await inTransaction(storage.database.pool, async (client) => await revive(client, ids));
    await gate.setDeliveries("status = 'held', due_at = now(), finished_at = NULL");
    const again = onlyCall(await gate.take());
    expect(deliveriesIn(again)).toEqual(ids);
    expect(again[0].batch).toMatchObject({
      attempt: 1,
      id: expect.not.stringMatching(first[0].batch?.id ?? ''),
    });
  });

  it('dissolves a batch that lost a member: under its id the items stay the same', async () => {
    const gate = await setBatchStage(storage, { batch });
    const [gone = '', ...others] = await gate.publish(data(3));
    const first = onlyCall(await gate.take());
    await storage.recorder.recordBatch(recordsOf(first, RETRY));
    await storage.actions.cancel(gone);
    await storage.database.pool.query("UPDATE open_deliveries SET due_at = now() WHERE status = 'held'");
    await gate.setDeliveries("created_at = now() - interval '2 minutes'");
    expect(await gate.look()).toMatchObject({ calls: [], waitMs: 0 });
    const again = onlyCall(await gate.take());
    expect(deliveriesIn(again)).toEqual(others);
    expect(again[0].batch?.id).not.toBe(first[0].batch?.id);
    expect(again.map(({ attempt }) => attempt)).toEqual([2, 2]);
  });

  it('waits with a batch while a member is sent by hand', async () => {
    const gate = await setBatchStage(storage, { batch });
    const ids = await gate.publish(data(3));
    await storage.recorder.recordBatch(recordsOf(onlyCall(await gate.take()), RETRY));
    const id = ids[1] ?? '';
    await storage.actions.markRetry(id, 'mark');
    const claim = await storage.claims.claim(request(id, 'mark'));
    if (claim === null) throw new Error('nothing was claimed');
    await gate.setDeliveries(DUE);
    expect(await gate.take()).toEqual([]);
    await storage.recorder.recordBatch([recordOf(claim, { kind: 'restored' })]);
    await gate.setDeliveries(DUE);
    expect(deliveriesIn(onlyCall(await gate.take()))).toEqual(ids);
  });

  it('locks in the order of ids, so that it and whoever deletes the endpoint do not wait for each other', async () => {
    const gate = await setBatchStage(storage, { batch });
    const ids = await gate.publish(data(3));
    await storage.recorder.recordBatch(recordsOf(onlyCall(await gate.take()), RETRY));
    const later = await gate.publish(data(3));
    await gate.setDeliveries(DUE);
    const { taking } = await inTransaction(storage.database.pool, async (client) => {
      await client.query('SELECT FROM open_deliveries WHERE id = $1 FOR UPDATE', [ids[0]]);
      const taking = gate.take();
      await untilSomebodyWaits(storage.database);
      const locked = await client.query('SELECT FROM open_deliveries WHERE id = $1 FOR UPDATE NOWAIT', [
        later[0],
      ]);
      expect(locked.rowCount).toBe(1);
      return { taking };
    });
    expect([...(await taking), ...(await gate.take())].map(deliveriesIn)).toEqual([ids, later]);
  });

  it('counts calls against the cap and the rate', async () => {
    const capped = await setBatchStage(storage, { batch, maxConcurrency: 2 });
    await capped.publish(data(9));
    const calls = await capped.take();
    expect(calls).toHaveLength(2);
    expect(await capped.take()).toEqual([]);
    for (const call of calls) await storage.recorder.recordBatch(recordsOf(call, { kind: 'delivered' }));
    expect(await capped.take()).toHaveLength(1);
    const limited = await setBatchStage(storage, { batch, rateLimit: { limit: 1, per: 'hour' } });
    await limited.publish(data(6));
    expect(await limited.take()).toHaveLength(1);
    expect(await limited.look()).toMatchObject({ calls: [], waitMs: expect.closeTo(3_600_000, -5) });
  });

  it('keeps the order: the next batch only after the one before is delivered or dead', async () => {
    const gate = await setBatchStage(storage, { batch, ordered: true });
    const ids = await gate.publish(data(6));
    const head = onlyCall(await gate.take());
    expect(deliveriesIn(head)).toEqual(ids.slice(0, 3));
    expect(await gate.take()).toEqual([]);
    await storage.recorder.recordBatch(recordsOf(head, RETRY));
    expect(await gate.look()).toMatchObject({ calls: [], waitMs: expect.closeTo(60_000, -4) });
    await gate.setDeliveries(DUE);
    const again = onlyCall(await gate.take());
    expect(deliveriesIn(again)).toEqual(ids.slice(0, 3));
    await storage.recorder.recordBatch(recordsOf(again, DEAD));
    expect(deliveriesIn(onlyCall(await gate.take()))).toEqual(ids.slice(3));
  });

  it('sends what is formed together although batches were switched off, and the rest alone', async () => {
    const gate = await setBatchStage(storage, { batch });
    const ids = await gate.publish(data(4));
    const first = onlyCall(await gate.take());
    await storage.recorder.recordBatch(recordsOf(first, RETRY));
    const { pool } = storage.database;
    await pool.query('UPDATE endpoints SET batch = NULL WHERE id = $1', [gate.endpointId]);
    const upkeep = new GateUpkeep(storage.database);
    expect(await upkeep.endDrain(gate)).toEqual({ kind: 'not_yet' });
    expect((await gate.take()).map(deliveriesIn)).toEqual([[ids[3]]]);
    expect(await upkeep.endDrain(gate)).toMatchObject({
      kind: 'resting',
      nextDueInMs: expect.closeTo(60_000, -4),
    });
    await gate.setDeliveries(DUE);
    const again = onlyCall(await gate.take());
    expect(again[0].batch).toMatchObject({ id: first[0].batch?.id, attempt: 2 });
    await storage.recorder.recordBatch(recordsOf(again, { kind: 'delivered' }));
    expect(await upkeep.endDrain(gate)).toMatchObject({ kind: 'opened' });
  });

  it('gives a batch back whole, with its number', async () => {
    const gate = await setBatchStage(storage, { batch });
    const ids = await gate.publish(data(3));
    const call = onlyCall(await gate.take());
    await storage.claims.release(...call);
    expect(await storage.delivery(ids[0] ?? '')).toMatchObject({ status: 'held', attempts_made: 0 });
    expect(onlyCall(await gate.take())[0]).toMatchObject({ attempt: 1, batch: call[0].batch });
  });

  it('sends a batch again, the same, whose sender was killed', async () => {
    const gate = await setBatchStage(storage, { batch });
    const ids = await gate.publish(data(3));
    const lost = onlyCall(await gate.take());
    storage.database.watch.steadyForMs = () => 10_000;
    await gate.setDeliveries("lease_until = now() - interval '1 s', recheck_at = now() - interval '1 s'");
    expect([...(await storage.expiredSends.closeExpired(ids))].sort()).toEqual([...ids].sort());
    expect(await storage.attempts(ids[2] ?? '')).toMatchObject([
      { error_code: 'outcome_unknown', batch_id: lost[0].batch?.id, batch_attempt: 1 },
    ]);
    const again = onlyCall(await gate.take());
    expect(deliveriesIn(again)).toEqual(ids);
    expect(again[0].batch).toEqual({ ...lost[0].batch, attempt: 2 });
    expect(await storage.delivery(ids[0] ?? '')).toMatchObject({ retries_used: 0 });
    await storage.recorder.recordBatch(recordsOf(lost, { kind: 'delivered' }));
    expect(await storage.delivery(ids[0] ?? '')).toMatchObject({ status: 'delivered' });
  });

  it('keeps what is formed while the endpoint is disabled, and cancels it with the endpoint', async () => {
    const gate = await setBatchStage(storage, { batch });
    const ids = await gate.publish(data(3));
    const call = onlyCall(await gate.take());
    await storage.endpointSwitch.disable(gate.endpointId, 'by_hand');
    await storage.recorder.recordBatch(recordsOf(call, RETRY));
    expect(await gate.look()).toEqual({ kind: 'shut', why: 'disabled' });
    expect(await storage.delivery(ids[0] ?? '')).toMatchObject({
      status: 'held',
      batch_id: call[0].batch?.id,
    });
    await storage.removal.remove(gate.endpointId);
    expect(await storage.delivery(ids[0] ?? '')).toMatchObject({ status: 'cancelled' });
  });

  it('is forgotten with the last of its members', async () => {
    const gate = await setBatchStage(storage, { batch });
    const ids = await gate.publish(data(3));
    await storage.recorder.recordBatch(recordsOf(onlyCall(await gate.take()), { kind: 'delivered' }));
    const { pool } = storage.database;
    await pool.query("UPDATE batches SET created_at = now() - interval '31 days'");
    const own = async (): Promise<number> =>
      (await pool.query('SELECT FROM batches WHERE endpoint_id = $1', [gate.endpointId])).rowCount ?? 0;
    await new Retention(storage.database).sweep(30);
    expect(await own()).toBe(1);
    await pool.query(
      "UPDATE ended_deliveries SET finished_at = now() - interval '31 days' WHERE id = ANY($1)",
      [ids],
    );
    await new Retention(storage.database).sweep(30);
    expect(await own()).toBe(0);
  });
});

describe('a retry by hand of a member', () => {
  it('is a batch of one with an id of its own', async () => {
    const gate = await setBatchStage(storage, { batch });
    const [id = ''] = await gate.publish(data(3));
    const first = onlyCall(await gate.take());
    await storage.recorder.recordBatch(recordsOf(first, DEAD));
    await storage.actions.markRetry(id, 'mark');
    const claim = await storage.claims.claim(request(id, 'mark'));
    if (claim === null) throw new Error('nothing was claimed');
    expect(claim).toMatchObject({ attempt: 2, trigger: 'manual', batch: { attempt: 1 } });
    expect(claim.batch?.id).toMatch(/^bat_/);
    expect(claim.batch?.id).not.toBe(first[0].batch?.id);
    await storage.recorder.recordBatch([recordOf(claim, { kind: 'delivered' })]);
    expect(await storage.delivery(id)).toMatchObject({ status: 'delivered', batch_id: claim.batch?.id });
  });
});
