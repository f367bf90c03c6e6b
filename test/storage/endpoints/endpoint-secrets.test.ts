import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SECRET_LIMITS } from '../../../src/domain/endpoint.ts';
import { generateSecret } from '../../../src/signature/secret.ts';
import { EndpointSecrets } from '../../../src/storage/endpoints/endpoint-secrets.ts';
import { Retention } from '../../../src/storage/upkeep/retention.ts';
import { onlyCall, recordsOf, setBatchStage } from '../../support/storage/batch-stage.ts';
import { claimDue } from '../../support/storage/claim-due.ts';
import { openStorage, request, type StorageUnderTest } from '../../support/storage/storage.ts';

const HOUR = 3_600;
const first = generateSecret();
const second = generateSecret();
const third = generateSecret();

let storage: StorageUnderTest;
let secrets: EndpointSecrets;
let customers = 0;

beforeAll(async () => {
  storage = await openStorage();
  secrets = new EndpointSecrets(storage.database, storage.secretBox);
});
afterAll(async () => await storage.close());

interface Own {
  readonly id: string;
  readonly customerId: string;
}

/** An endpoint of a customer of its own that has `first`. */
async function endpoint(): Promise<Own> {
  customers += 1;
  const customerId = `customer-${customers}`;
  return { id: await storage.endpoint({ customerId, secret: first }), customerId };
}

/** What signs an attempt that is claimed now, in order. */
async function signing({ customerId }: Own): Promise<readonly string[] | undefined> {
  const [id = ''] = await storage.publish({ customerId });
  return (await storage.claims.claim(request(id)))?.secrets;
}

/** Lets the overlap of this secret end now, by the database's clock. */
async function expire({ id }: Own, number: number): Promise<void> {
  const text =
    'UPDATE endpoint_secrets SET expires_at = clock_timestamp() WHERE endpoint_id = $1 AND number = $2';
  await storage.database.pool.query(text, [id, number]);
}

async function numbersStored({ id }: Own): Promise<readonly number[]> {
  const text = 'SELECT number FROM endpoint_secrets WHERE endpoint_id = $1 ORDER BY number';
  return (await storage.database.pool.query(text, [id])).rows.map((row) => row.number);
}

/** When its live secrets expire that do, the primary one's first. */
async function endsOf({ id }: Own): Promise<readonly number[]> {
  return (await secrets.read(id)).flatMap(({ expiresAt }) => expiresAt?.getTime() ?? []);
}

async function rotate({ id }: Own, secret: string, overlapSeconds = HOUR) {
  return await secrets.rotate(id, { secret, overlapSeconds });
}

describe('EndpointSecrets', () => {
  it('has claims carry the old secret first and the new one beside it until the overlap ends', async () => {
    const own = await endpoint();
    expect(await signing(own)).toEqual([first]);
    expect(await rotate(own, second)).toMatchObject({
      kind: 'rotated',
      live: [
        { number: 1, isPrimary: true, expiresAt: expect.any(Date) },
        { number: 2, isPrimary: false, expiresAt: null },
      ],
    });
    expect(await signing(own)).toEqual([first, second]);
    await expire(own, 1);
    expect(await signing(own)).toEqual([second]);
  });

  it('does the same for claims of waves, gates and batches', async () => {
    const stage = await setBatchStage(storage, {
      secret: first,
      batch: { maxEvents: 2, maxWaitMs: 100, maxBytes: 5_000 },
    });
    const own = { id: stage.endpointId, customerId: stage.customerId };
    await rotate(own, second);
    await stage.publish(['{}', '{}']);
    const [call] = await stage.take();
    expect(call?.map((claim) => claim.secrets)).toEqual([
      [first, second],
      [first, second],
    ]);

    const other = await endpoint();
    await rotate(other, second);
    await expire(other, 1);
    const [id] = await storage.publish({ customerId: other.customerId });
    await storage.database.pool.query('UPDATE open_deliveries SET wave_at = now() WHERE id = $1', [id]);
    const { claims } = await claimDue(storage.waveClaims);
    expect(claims.find((claim) => claim.deliveryId === id)?.secrets).toEqual([second]);
  });

  it('signs a batch that was formed in an overlap by the new one alone once that has ended', async () => {
    const batch = { maxEvents: 2, maxWaitMs: 100, maxBytes: 100_000 };
    const gate = await setBatchStage(storage, { batch, secret: first });
    const own = { id: gate.endpointId, customerId: gate.customerId };
    await rotate(own, second);
    await gate.publish(['{}', '{}']);
    const call = onlyCall(await gate.take());
    expect(call.map((claim) => claim.secrets)).toEqual([
      [first, second],
      [first, second],
    ]);
    await storage.recorder.recordBatch(recordsOf(call, { kind: 'retry', delayMs: 0 }));
    await expire(own, 1);
    const again = onlyCall(await gate.take());
    expect(again.map((claim) => [claim.secrets, claim.batch])).toEqual(
      call.map(({ batch: same }) => [[second], { ...same, attempt: 2, eventCreatedAt: expect.any(Number) }]),
    );
  });

  it('ends the old one at once without an overlap', async () => {
    const own = await endpoint();
    await rotate(own, second, 0);
    expect(await signing(own)).toEqual([second]);
    expect(await numbersStored(own)).toEqual([2]);
  });

  it('has a later rotation end no secret later than it would have', async () => {
    const own = await endpoint();
    await rotate(own, second, 2 * HOUR);
    const [before] = await endsOf(own);
    await rotate(own, third, 24 * HOUR);
    const live = await secrets.read(own.id);
    expect(live.map(({ secret }) => secret)).toEqual([first, second, third]);
    expect((await endsOf(own))[0]).toBe(before);
    await rotate(own, generateSecret(), HOUR);
    const ends = await endsOf(own);
    expect(Math.max(...ends)).toBeLessThan(before ?? 0);
    expect(ends).toHaveLength(3);
  });

  it('promotes the newest at once, and keeps the others live beside it', async () => {
    const own = await endpoint();
    await rotate(own, second);
    expect(await secrets.promote(own.id)).toMatchObject([{ number: 2, isPrimary: true }, { number: 1 }]);
    expect(await signing(own)).toEqual([second, first]);
    expect(await secrets.promote(own.id)).toMatchObject([{ number: 2, isPrimary: true }, { number: 1 }]);
    await rotate(own, third);
    expect(await signing(own)).toEqual([second, first, third]);
    await secrets.promote(own.id);
    expect(await signing(own)).toEqual([third, first, second]);
  });

  it('revokes the old ones at once, or those that are named, and never the last', async () => {
    const own = await endpoint();
    expect(await secrets.revoke(own.id, [1])).toEqual({ kind: 'last' });
    await rotate(own, second);
    await rotate(own, third);
    expect(await secrets.revoke(own.id, [1])).toMatchObject({
      kind: 'revoked',
      live: [{ number: 2 }, { number: 3 }],
    });
    expect(await signing(own)).toEqual([second, third]);
    expect(await secrets.revoke(own.id, [2, 3])).toEqual({ kind: 'last' });
    expect(await secrets.revoke(own.id, [1])).toMatchObject({ kind: 'revoked', live: [{}, {}] });
    expect(await secrets.revoke(own.id, [1, 4])).toEqual({ kind: 'unknown', number: 4 });
    for (let times = 0; times < 2; times += 1)
      expect(await secrets.revoke(own.id, null)).toMatchObject({ kind: 'revoked', live: [{ number: 3 }] });
    expect(await signing(own)).toEqual([third]);
  });

  it('takes a rotation back when the newest is revoked, and gives its number to no other', async () => {
    const own = await endpoint();
    await rotate(own, second);
    expect(await secrets.revoke(own.id, [2])).toMatchObject({ live: [{ number: 1, expiresAt: null }] });
    await expect(rotate(own, third, 0)).resolves.toMatchObject({ live: [{ number: 3 }] });
    expect(await signing(own)).toEqual([third]);
  });

  it('refuses a secret the endpoint has, and more than a few', async () => {
    const own = await endpoint();
    expect(await rotate(own, first)).toEqual({ kind: 'in_use' });
    await rotate(own, second);
    for (const secret of [first, second]) expect(await rotate(own, secret)).toEqual({ kind: 'in_use' });
    for (let live = 2; live < SECRET_LIMITS.live.max; live += 1) await rotate(own, generateSecret());
    expect(await rotate(own, third)).toEqual({ kind: 'too_many' });
    expect(await numbersStored(own)).toEqual([1, 2, 3, 4, 5]);
    await expire(own, 1);
    expect(await rotate(own, third)).toMatchObject({ kind: 'rotated' });
    expect(await rotate(own, generateSecret(), 0)).toMatchObject({ kind: 'rotated', live: [{ number: 7 }] });
  });

  it('loses none of many rotations at once, while claims run and the newest is promoted', async () => {
    const own = await endpoint();
    const given = Array.from({ length: 12 }, () => generateSecret());
    const claimed: (readonly string[] | undefined)[] = [];
    const results = await Promise.all(
      given.map(async (secret, index) => {
        const result = await rotate(own, secret);
        claimed.push(await signing(own));
        if (index % 3 === 0) await secrets.promote(own.id);
        return result.kind;
      }),
    );
    expect(results.filter((kind) => kind === 'rotated')).toHaveLength(SECRET_LIMITS.live.max - 1);
    expect(results.filter((kind) => kind === 'too_many')).toHaveLength(
      given.length - SECRET_LIMITS.live.max + 1,
    );
    const live = await secrets.read(own.id);
    expect(live.filter(({ expiresAt }) => expiresAt === null)).toHaveLength(1);
    expect(new Set(live.map(({ number }) => number))).toEqual(new Set([1, 2, 3, 4, 5]));
    const known = new Set(live.map(({ secret }) => secret));
    for (const signers of claimed) {
      expect(signers?.length).toBeGreaterThan(0);
      expect(signers?.every((secret) => known.has(secret))).toBe(true);
    }
  });

  it('finds nothing of an endpoint that is gone, whose secrets are gone too', async () => {
    const own = await endpoint();
    await rotate(own, second);
    await storage.removal.remove(own.id);
    expect(await numbersStored(own)).toEqual([]);
    expect(await secrets.read(own.id)).toEqual([]);
    expect(await rotate(own, third)).toEqual({ kind: 'missing' });
    expect(await secrets.promote(own.id)).toBeNull();
    expect(await secrets.revoke(own.id, null)).toEqual({ kind: 'missing' });
  });

  it('rotates away what no key opens', async () => {
    const own = await endpoint();
    await storage.database.pool.query("UPDATE endpoint_secrets SET ciphertext = 'x' WHERE endpoint_id = $1", [
      own.id,
    ]);
    await expect(secrets.read(own.id)).rejects.toThrow('no master key opens it');
    await rotate(own, second, 0);
    expect(await signing(own)).toEqual([second]);
  });

  it('leaves the ciphertext of expired ones to housekeeping', async () => {
    await new Retention(storage.database).sweep(30);
    const own = await endpoint();
    await rotate(own, second);
    await expire(own, 1);
    expect(await numbersStored(own)).toEqual([1, 2]);
    expect(await new Retention(storage.database).sweep(30)).toMatchObject({ secrets: 1 });
    expect(await numbersStored(own)).toEqual([2]);
    expect(await new Retention(storage.database).sweep(30)).toMatchObject({ secrets: 0 });
  });
});
