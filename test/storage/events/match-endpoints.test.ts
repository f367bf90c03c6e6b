import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { matchEndpoints } from '../../../src/storage/events/match-endpoints.ts';
import { newEvent, openStorage, type StorageUnderTest } from '../../support/storage/storage.ts';

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

  it('is told of each endpoint once, however many of the events go to it', async () => {
    const ids = [
      await storage.endpoint({ customerId: 'wide' }),
      await storage.endpoint({ customerId: 'wide' }),
    ];
    const drafts = Array.from({ length: 500 }, (_, index) => ({
      ...newEvent(),
      id: `evt_${index}`,
      customerId: index % 5 === 0 ? 'nobody' : 'wide',
    }));
    const client = await storage.database.pool.connect();
    const query = jest.spyOn(client, 'query');
    const matches = await matchEndpoints(client, drafts).finally(() => client.release());
    const [answer] = await Promise.all(query.mock.results.map(({ value }) => value));
    // And those of the operator, which get everything.
    expect(answer.rows).toHaveLength(ids.length + 2);
    const ofWide = matches.filter(({ endpoint }) => ids.includes(endpoint.id));
    expect(ofWide.map(({ draft, endpoint }) => [draft.id, endpoint.id])).toEqual(
      drafts.flatMap(({ id, customerId }) => (customerId === 'wide' ? ids.sort().map((to) => [id, to]) : [])),
    );
  });

  async function receiversOf(customerId: string | null, endpoint_id: string): Promise<readonly unknown[]> {
    const dataText = JSON.stringify({ endpoint_id });
    const ids = await storage.publish({ event: 'endpoint.opened', customerId, dataText });
    const rows = await Promise.all(ids.map((id) => storage.delivery(id)));
    return rows.map((row) => row.endpoint_id).sort();
  }
});
