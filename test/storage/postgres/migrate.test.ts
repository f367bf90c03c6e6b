import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DEFAULT_RETRY_POLICY } from '../../../src/domain/retry-schedule.ts';
import { newId } from '../../../src/new-id.ts';
import { generateSecret } from '../../../src/signature/secret.ts';
import { EndpointSecrets } from '../../../src/storage/endpoints/endpoint-secrets.ts';
import { migrate } from '../../../src/storage/postgres/migrate.ts';
import { SecretBox } from '../../../src/storage/sealed/secret-box.ts';
import { createFormerDatabase } from '../../support/storage/former-database.ts';
import { type GateStage, setGateStage } from '../../support/storage/gate-stage.ts';
import { newMasterKey, sealedWithoutName } from '../../support/storage/master-key.ts';
import { openReplays, type Replays } from '../../support/storage/replay-stage.ts';
import { insertDelivery } from '../../support/storage/rows.ts';
import { openStorage, recordOf, request, type StorageUnderTest } from '../../support/storage/storage.ts';

/** The schema before replays, rotated secrets and ownership. */
const FORMER = '0005_batches';
const LONG_AGO = new Date(Date.now() - 3_600_000);
const DUE = { due_at: LONG_AGO, created_at: LONG_AGO };
const ENDED = { created_at: LONG_AGO, finished_at: LONG_AGO };
const BATCH = { maxEvents: 2, maxWaitMs: 100, maxBytes: 100_000 };

const key = newMasterKey();
const secret = generateSecret();
let storage: StorageUnderTest;
let stage: GateStage;
let replays: Replays;
/** Endpoints and deliveries by what they were when the schema was the former. */
const ids: Record<string, string> = {};

const idOf = (name: string): string => ids[name] ?? '';

async function insertEndpoint(pool: pg.Pool, name: string, columns: Readonly<Record<string, unknown>> = {}) {
  const id = newId('ep');
  ids[name] = id;
  const { is_open: isOpen = true, ...settings } = columns;
  const row = {
    id,
    customer_id: 'acme',
    url: 'https://receiver.example/hook',
    description: '',
    events: ['*'],
    headers: '[]',
    timeout_ms: 1_000,
    retry: JSON.stringify(DEFAULT_RETRY_POLICY),
    ...settings,
  };
  const names = Object.keys(row);
  const places = names.map((_, index) => `$${index + 1}`);
  await pool.query(`INSERT INTO endpoints (${names.join(', ')}) VALUES (${places.join(', ')})`, [
    ...Object.values(row),
  ]);
  await pool.query('INSERT INTO gates (endpoint_id, is_open, needs_wake) VALUES ($1, $2, NOT $2)', [
    id,
    isOpen,
  ]);
  await pool.query(
    'INSERT INTO endpoint_secrets (endpoint_id, number, ciphertext, key_version) VALUES ($1, 1, $2, 1)',
    [id, sealedWithoutName(key, { text: secret, ownerId: id })],
  );
}

async function insertDeliveries(pool: pg.Pool): Promise<void> {
  const insert = async (name: string, endpoint: string, columns: Readonly<Record<string, unknown>>) => {
    ids[name] = await insertDelivery(pool, { endpoint_id: idOf(endpoint), attempts_made: 0, ...columns });
  };
  await insert('scheduled', 'open', { status: 'scheduled', ...DUE, recheck_at: LONG_AGO });
  await insert('queued', 'open', { status: 'queued', ...DUE, wave_at: LONG_AGO });
  await insert('aside', 'open', { status: 'queued', ...DUE, aside_at: LONG_AGO });
  await insert('retrying', 'open', { status: 'retrying', attempts_made: 1, ...DUE, wave_at: LONG_AGO });
  await insert('with a run', 'open', { status: 'retrying', attempts_made: 1, ...DUE, recheck_at: LONG_AGO });
  const lease = { claimed_at: LONG_AGO, lease_until: LONG_AGO, recheck_at: LONG_AGO, trigger: 'automatic' };
  await insert('sending', 'open', {
    status: 'sending',
    attempts_made: 1,
    ...DUE,
    ...lease,
    prior_status: 'queued',
  });
  await insert('limited', 'rate', { status: 'held', ...DUE });
  await insert('first', 'order', { status: 'held', position: 1, ...DUE });
  await insert('second', 'order', { status: 'held', position: 2, ...DUE });
  await insert('one of two', 'batch', { status: 'held', attempts_made: 1, batch_id: 'bat_1', ...DUE });
  await insert('other of two', 'batch', { status: 'held', attempts_made: 1, batch_id: 'bat_1', ...DUE });
  await pool.query(
    'INSERT INTO batches (id, endpoint_id, delivery_ids, attempts_made) VALUES ($1, $2, $3, 1)',
    ['bat_1', idOf('batch'), [idOf('one of two'), idOf('other of two')]],
  );
  await insert('held', 'disabled', { status: 'held', ...DUE });
  await insert('skipped', 'disabled', { status: 'skipped', ...ENDED });
  const dead = {
    status: 'dead',
    attempts_made: 4,
    retries_used: 3,
    dead_reason: 'retries_exhausted',
    ...ENDED,
  };
  await insert('dead', 'open', dead);
  await insert('wished', 'open', { ...dead, retry_mark: 'wish', recheck_at: LONG_AGO });
  await insert('delivered', 'open', { status: 'delivered', attempts_made: 1, ...ENDED });
  await insert('cancelled', 'open', { status: 'cancelled', ...ENDED });
}

beforeAll(async () => {
  const testDatabase = await createFormerDatabase(FORMER);
  const pool = new pg.Pool({ connectionString: testDatabase.url });
  await insertEndpoint(pool, 'open');
  await insertEndpoint(pool, 'rate', { rate_limit: { limit: 100, per: 'second' }, is_open: false });
  await insertEndpoint(pool, 'order', { ordered: true, is_open: false });
  await insertEndpoint(pool, 'batch', { batch: BATCH, is_open: false });
  await insertEndpoint(pool, 'disabled', { status: 'disabled', disabled_reason: 'by_hand', is_open: false });
  const header = JSON.stringify([{ name: 'X-Key', value: 'sealed', sensitive: true }]);
  await insertEndpoint(pool, 'deleted', { headers: header, deleted_at: LONG_AGO });
  await insertDeliveries(pool);
  await pool.end();
  await migrate(testDatabase.url);
  storage = await openStorage({ testDatabase, secretBox: new SecretBox([key]) });
  storage.database.watch.steadyForMs = () => 10_000;
  stage = setGateStage(storage);
  replays = openReplays(storage);
});
afterAll(async () => await storage.close());

async function statusOf(...names: readonly string[]): Promise<readonly unknown[]> {
  return await Promise.all(names.map(async (name) => (await storage.delivery(idOf(name))).status));
}

describe('migrate', () => {
  it('changes no delivery, and keeps nothing secret of what was deleted', async () => {
    expect(await statusOf('scheduled', 'sending', 'limited', 'held', 'skipped', 'dead', 'delivered')).toEqual(
      ['scheduled', 'sending', 'held', 'held', 'skipped', 'dead', 'delivered'],
    );
    expect(await storage.delivery(idOf('queued'))).toMatchObject({ priority: 0, replay_id: null });
    const { rows } = await storage.database.pool.query('SELECT headers FROM endpoints WHERE id = $1', [
      idOf('deleted'),
    ]);
    expect(rows).toEqual([{ headers: [] }]);
  });

  it('has what was open delivered, with the secrets that there were', async () => {
    await storage.expiredSends.closeExpired();
    await storage.scheduled.moveDue(() => {});
    await storage.endpointSwitch.enable(idOf('disabled'));
    await storage.overdue.leaveToWaves([idOf('with a run')]);
    const claim = await storage.claims.claim(request(idOf('queued')));
    expect(claim).toMatchObject({ attempt: 1, secrets: [secret] });
    if (claim !== null) await storage.recorder.record(recordOf(claim, { kind: 'delivered' }));
    await stage.deliverDue();
    await stage.deliverDue();
    const open = ['scheduled', 'queued', 'aside', 'retrying', 'with a run', 'sending', 'limited', 'first'];
    const rest = ['second', 'one of two', 'other of two', 'held'];
    expect(await statusOf(...open, ...rest)).toEqual([...open, ...rest].map(() => 'delivered'));
    const [{ batch_id: batchId, batch_attempt: attempt } = {}] = await storage.attempts(idOf('one of two'));
    expect([batchId, attempt]).toEqual(['bat_1', 2]);
  });

  it('has a wish of then granted, and what had ended undelivered replayed', async () => {
    const wished = await storage.claims.claimByHand({ ...request(idOf('wished')), mark: 'wish' });
    if (wished === null || 'why' in wished) throw new Error('the wish is gone');
    await storage.recorder.record(recordOf(wished, { kind: 'restored' }));
    const filter = { customerId: 'acme' };
    const dead = await replays.begin({ kind: 'dead_letters', filter });
    const missed = await replays.begin({ kind: 'missed', filter: { endpointId: idOf('disabled') } });
    for (const { id } of [dead, missed]) await replays.stepThrough(id);
    await replays.deliverDue();
    expect(await statusOf('dead', 'wished', 'skipped')).toEqual(['delivered', 'delivered', 'delivered']);
  });

  it('lets former secrets be rotated', async () => {
    const secrets = new EndpointSecrets(storage.database, storage.secretBox);
    const rotated = await secrets.rotate(idOf('open'), { secret: generateSecret(), overlapSeconds: 60 });
    expect(rotated).toMatchObject({
      kind: 'rotated',
      live: [
        { number: 1, isPrimary: true },
        { number: 2, isPrimary: false, expiresAt: null },
      ],
    });
  });
});
