import { parseArgs } from 'node:util';
import { type ApiAccess, callApi } from './api-client.ts';
import { announceKey, type KeyAnswer } from './keys-view.ts';
import { UsageError } from './usage-error.ts';

const OPTIONS = {
  customer: { type: 'string' },
  operator: { type: 'boolean' },
  name: { type: 'string' },
  scopes: { type: 'string' },
  expires: { type: 'string' },
  from: { type: 'string' },
} as const;

/** `posthorn keys create`: makes a key and shows it, this once. */
export async function createKey(args: readonly string[], access: ApiAccess): Promise<string> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  if ((values.customer === undefined) === (values.operator !== true))
    throw new UsageError('say whose key it is: either --customer or --operator');
  const body = {
    customer_id: values.customer ?? null,
    ...(values.name !== undefined && { name: values.name }),
    ...(values.scopes !== undefined && { scopes: values.scopes.split(',') }),
    ...(values.expires !== undefined && { expires_at: values.expires }),
    ...(values.from !== undefined && { allowed_cidrs: values.from.split(',') }),
  };
  return announceKey((await callApi(access, { method: 'POST', path: '/v1/api-keys', body })) as KeyAnswer);
}
