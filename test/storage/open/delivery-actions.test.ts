import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Claim } from '../../../src/storage/claims/claim.ts';
import { openStorage, recordOf, request, type StorageUnderTest } from '../../support/storage/storage.ts';

let storage: StorageUnderTest;
let endpointId: string;

beforeAll(async () => {
  storage = await openStorage();
});

afterAll(async () => {
  await storage.close();
});

async function claimed(id: string, mark: string | null = null): Promise<Claim> {
  const claim = await storage.claims.claim(request(id, mark));
  if (claim === null) throw new Error(`${id} could not be claimed`);
  return claim;
}

/** A delivery of an endpoint of its own that was delivered. */
async function delivered(customerId: string): Promise<string> {
  endpointId = await storage.endpoint({ customerId });
  const [id = ''] = await storage.publish({ customerId });
  await storage.recorder.record(recordOf(await claimed(id), { kind: 'delivered' }));
  return id;
}

async function resent(customerId: string): Promise<Claim> {
  const id = await delivered(customerId);
  const { mark } = await storage.actions.markRetry(id, 'again');
  return await claimed(id, mark);
}

describe('DeliveryActions.cancel', () => {
  it('leaves delivered what is being sent once more', async () => {
    const claim = await resent('resent');
    await expect(storage.actions.cancel(claim.deliveryId)).rejects.toMatchObject({ code: 'delivery_ended' });
    await storage.recorder.record(recordOf(claim, { kind: 'restored' }));
    expect(await storage.delivery(claim.deliveryId)).toMatchObject({ status: 'delivered', attempts_made: 2 });
  });

  it('ends for good what is dead and being tried by hand', async () => {
    await storage.endpoint({ customerId: 'dead' });
    const [id = ''] = await storage.publish({ customerId: 'dead' });
    await storage.recorder.record(recordOf(await claimed(id), { kind: 'dead', reason: 'retries_exhausted' }));
    const { mark } = await storage.actions.markRetry(id, 'again');
    const claim = await claimed(id, mark);
    expect(await storage.actions.cancel(id)).toBe(true);
    await storage.recorder.record(recordOf(claim, { kind: 'restored' }));
    expect(await storage.delivery(id)).toMatchObject({ status: 'cancelled', retry_mark: null });
  });
});

describe('EndpointRemoval', () => {
  it('cancels what is open and returns its ids', async () => {
    const own = await storage.endpoint({ customerId: 'removed' });
    const open = await storage.publish({ customerId: 'removed' });
    expect(await storage.removal.remove(own)).toEqual(open);
    expect(await storage.delivery(open[0] ?? '')).toMatchObject({ status: 'cancelled', due_at: null });
    expect(await storage.claims.claim(request(open[0] ?? ''))).toBeNull();
  });

  it('leaves delivered what is being sent once more', async () => {
    const claim = await resent('removed-while-resent');
    expect(await storage.removal.remove(endpointId)).toEqual([]);
    await storage.recorder.record(recordOf(claim, { kind: 'restored' }));
    expect(await storage.delivery(claim.deliveryId)).toMatchObject({
      status: 'delivered',
      due_at: null,
      recheck_at: null,
    });
  });

  it('waits for no manual attempt any more, and lets retention remove what was marked', async () => {
    const id = await delivered('removed-while-marked');
    await storage.actions.markRetry(id, 'again');
    await storage.removal.remove(endpointId);
    expect(await storage.delivery(id)).toMatchObject({
      status: 'delivered',
      retry_mark: null,
      recheck_at: null,
    });
  });

  it('is not looked after for a mark that came too late', async () => {
    const id = await delivered('marked-too-late');
    await storage.removal.remove(endpointId);
    await storage.database.pool.query(
      "UPDATE open_deliveries SET retry_mark = 'late', recheck_at = now() WHERE id = $1",
      [id],
    );
    expect(await storage.overdue.list(100)).toEqual([]);
  });
});
