import { describe, expect, it } from '@jest/globals';
import { Pager } from '../../../../src/api/platform/answers/paging.ts';
import { readConfig } from '../../../../src/config.ts';
import { masterKeyText, newMasterKey } from '../../../support/storage/master-key.ts';

const [former, next] = [newMasterKey(), newMasterKey()];
const binding = {
  list: 'events',
  caller: { kind: 'operator', keyId: null, scopes: [], address: null },
  filters: {},
} as const;

function pagerWith(...keys: readonly ReturnType<typeof newMasterKey>[]): Pager {
  return new Pager(
    readConfig('api', {
      DATABASE_URL: 'postgres://127.0.0.1/posthorn',
      TEMPORAL_ADDRESS: '127.0.0.1:7233',
      POSTHORN_ADMIN_KEY: 'a'.repeat(16),
      POSTHORN_MASTER_KEY: masterKeyText(...keys),
    }),
  );
}

function cursorOf(pager: Pager): string {
  const rows = [{ id: 'evt_2' }, { id: 'evt_1' }];
  return pager.open(binding, { limit: 1 }).answer(rows, (row) => row).next_cursor ?? '';
}

describe('Pager', () => {
  it('goes on with cursors of replicas that have its master keys in another order, and of none that lacks them', () => {
    const [before, during, after] = [pagerWith(former, next), pagerWith(next, former), pagerWith(next)];
    const read = (pager: Pager, cursor: string) => pager.open(binding, { limit: 1, cursor }).beforeId;
    expect(read(during, cursorOf(before))).toBe('evt_2');
    expect(read(before, cursorOf(during))).toBe('evt_2');
    expect(read(after, cursorOf(during))).toBe('evt_2');
    expect(() => read(after, cursorOf(before))).toThrow('cursor');
  });
});
