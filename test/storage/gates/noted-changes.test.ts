import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EndpointStore } from '../../../src/storage/endpoints/endpoint-store.ts';
import { OwnershipChecks } from '../../../src/storage/endpoints/ownership-checks.ts';
import { BreakerStore } from '../../../src/storage/gates/breaker-store.ts';
import { GateDrains } from '../../../src/storage/gates/gate-drain.ts';
import { Retention } from '../../../src/storage/upkeep/retention.ts';
import { openStorage, type StorageUnderTest } from '../../support/storage/storage.ts';

const HASH = createHash('sha256').update('challenge').digest();
const URL_BEFORE = 'https://receiver.example/hook';

let storage: StorageUnderTest;
beforeAll(async () => {
  storage = await openStorage();
});
afterAll(async () => await storage.close());

/** Of an endpoint, oldest first: actions with who did them and why. */
async function notedOf(id: string): Promise<readonly unknown[]> {
  const { rows } = await storage.database.pool.query<Record<string, unknown>>(
    `SELECT action, actor, person, reason, customer_id, request_id FROM audit_entries WHERE subject_id = $1
      ORDER BY id`,
    [id],
  );
  for (const row of rows) expect(row).toMatchObject({ customer_id: 'acme', request_id: null });
  return rows.map(({ action, actor, person, reason }) => [action, person ?? actor, reason]);
}

async function breakersOf(id: string): Promise<readonly unknown[]> {
  const { rows } = await storage.database.pool.query<{ state: string }>(
    'SELECT breaker_state AS state FROM endpoint_versions WHERE endpoint_id = $1 ORDER BY number',
    [id],
  );
  return rows.map(({ state }) => state);
}

describe('what becomes of an endpoint by itself', () => {
  it('is noted of its breaker: it opens, tries again, opens again, tries again and closes', async () => {
    const id = await storage.endpoint();
    const breakers = new BreakerStore(storage.database);
    const drains = new GateDrains(storage.database, storage.secretBox);
    const fold = async (errorCode: 'http_503' | 'timeout' | null, breakerEpoch: number) =>
      await breakers.fold(
        Array.from({ length: breakerEpoch === 0 ? 10 : 1 }, () => ({
          endpointId: id,
          trigger: 'automatic',
          breakerEpoch,
          isFailing: true,
          errorCode,
          retryAfterMs: null,
          isExcused: false,
        })),
      );
    const probe = async () => {
      const drain = { endpointId: id, token: randomUUID() };
      await storage.database.pool.query(
        `UPDATE endpoint_health SET breaker = jsonb_set(breaker, '{probeAt}', '0') WHERE endpoint_id = $1`,
        [id],
      );
      await storage.database.pool.query('DELETE FROM gate_drains WHERE endpoint_id = $1', [id]);
      await storage.endpointSwitch.shut(id);
      await drains.begin(drain);
      await drains.look(drain, { room: 1, owner: 'gate' });
    };
    await fold('http_503', 0);
    await probe();
    await fold('timeout', 2);
    await probe();
    await fold(null, 4);
    expect(await notedOf(id)).toEqual([
      ['endpoint.breaker_open', 'system', 'http_503'],
      ['endpoint.breaker_probe', 'system', 'cooldown_over'],
      ['endpoint.breaker_reopen', 'system', 'timeout'],
      ['endpoint.breaker_probe', 'system', 'cooldown_over'],
      ['endpoint.breaker_close', 'system', 'probe_succeeded'],
    ]);
    expect(await breakersOf(id)).toEqual(['closed', 'open', 'half_open', 'open', 'half_open', 'closed']);
  });

  it('is noted of its switch, once, and not where a request asks for it, which is noted by itself', async () => {
    const id = await storage.endpoint();
    const { endpointSwitch } = storage;
    await endpointSwitch.pause(id, { by: 'operator', reason: 'requested', isRequested: true });
    await endpointSwitch.resume(id, { reason: 'The pause was over.' });
    await endpointSwitch.pause(id, { by: 'ann', reason: 'from the Temporal UI' });
    await endpointSwitch.pause(id, { by: 'bob', reason: 'paused already' });
    for (let times = 0; times < 2; times += 1) await endpointSwitch.disable(id, 'gone', { url: URL_BEFORE });
    await endpointSwitch.enable(id, { by: 'operator', isRequested: true });
    await endpointSwitch.disable(id, 'failing');
    expect(await notedOf(id)).toEqual([
      ['endpoint.resume', 'system', 'The pause was over.'],
      ['endpoint.pause', 'ann', 'from the Temporal UI'],
      ['endpoint.disable', 'system', 'gone'],
      ['endpoint.disable', 'system', 'failing'],
    ]);
  });

  it('is noted of its check: another URL disables it, and the answer to its challenge enables it', async () => {
    const id = await storage.endpoint();
    const endpoints = new EndpointStore(storage.database, storage.secretBox);
    const url = 'https://elsewhere.example/hook';
    await endpoints.update(id, { url }, { verifiesUrls: true, isRehearsal: true });
    await endpoints.update(id, { url }, { verifiesUrls: true });
    await new OwnershipChecks(storage.database).begin(id, HASH);
    expect(await storage.endpointSwitch.verify(id, { challengeHash: HASH, url })).toBe(true);
    expect(await notedOf(id)).toEqual([
      ['endpoint.disable', 'system', 'unverified'],
      ['endpoint.verified', 'system', 'challenge_answered'],
    ]);
  });

  it('is noted together with the change or not at all', async () => {
    const id = await storage.endpoint();
    const { pool } = storage.database;
    await pool.query('ALTER TABLE audit_entries ADD CONSTRAINT none CHECK (false) NOT VALID');
    await expect(storage.endpointSwitch.disable(id, 'gone')).rejects.toThrow('violates check constraint');
    await pool.query('ALTER TABLE audit_entries DROP CONSTRAINT none');
    const { rows } = await pool.query('SELECT status FROM endpoints WHERE id = $1', [id]);
    expect([rows, await notedOf(id)]).toEqual([[{ status: 'enabled' }], []]);
  });

  it('is kept as long as the audit log, which has a retention of its own', async () => {
    const id = await storage.endpoint();
    await storage.endpointSwitch.disable(id, 'gone');
    const age = "UPDATE audit_entries SET created_at = created_at - interval '40 days' WHERE subject_id = $1";
    await storage.database.pool.query(age, [id]);
    const retention = new Retention(storage.database);
    expect((await retention.sweep(30)).auditEntries).toBe(0);
    expect((await retention.sweep(30, 41)).auditEntries).toBe(0);
    expect((await retention.sweep(30, 39)).auditEntries).toBe(1);
    expect(await notedOf(id)).toEqual([]);
  });
});
