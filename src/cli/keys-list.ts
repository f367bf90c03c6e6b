import { parseArgs } from 'node:util';
import { type ApiAccess, callApi } from './api-client.ts';
import { type KeyAnswer, tableOfKeys } from './keys-view.ts';

const OPTIONS = { customer: { type: 'string' } } as const;

interface KeyPage {
  readonly items: readonly KeyAnswer[];
  readonly next_cursor: string | null;
}

/** `posthorn keys list`: every key, newest first, revoked ones included. */
export async function listKeys(args: readonly string[], access: ApiAccess): Promise<string> {
  const { customer } = parseArgs({ args: [...args], options: OPTIONS }).values;
  const query = new URLSearchParams({
    limit: '100',
    ...(customer !== undefined && { customer_id: customer }),
  });
  const keys: KeyAnswer[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    if (cursor !== '') query.set('cursor', cursor);
    const page = (await callApi(access, { method: 'GET', path: `/v1/api-keys?${query}` })) as KeyPage;
    keys.push(...page.items);
    cursor = page.next_cursor;
  }
  return tableOfKeys(keys);
}
