import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openStorage, type StorageUnderTest } from '../../support/storage/storage.ts';

describe('matchEndpoints', () => {
  let storage: StorageUnderTest;
  let all: string;
  let some: string;

  beforeAll(async () => {
    storage = await openStorage();
    all = await storage.endpoint({ customerId: null, events: ['*'] });
    some = await storage.endpoint({ customerId: null, events: ['endpoint.*'] });
    await storage.endpoint({ customerId: null, events: ['job.*'] });
    // As no API would accept them, but a restored backup may have them.
    await storage.endpoint({ customerId: 'acme', events: ['*', 'endpoint.*', 'endpoint.opened'] });
  });
  afterAll(() => storage.close());

  it.each([['acme'], [null]])(
    'gives operational events about %p to the operator’s endpoints only, and never to their own subject',
    async (customerId) => {
      expect(await receiversOf(customerId, 'ep_other')).toEqual([all, some].sort());
      expect(await receiversOf(customerId, all)).toEqual([some]);
    },
  );

  async function receiversOf(customerId: string | null, endpoint_id: string): Promise<readonly unknown[]> {
    const dataText = JSON.stringify({ endpoint_id });
    const ids = await storage.publish({ event: 'endpoint.opened', customerId, dataText });
    const rows = await Promise.all(ids.map((id) => storage.delivery(id)));
    return rows.map((row) => row.endpoint_id).sort();
  }
});
