import { parseArgs } from 'node:util';
import { type ApiAccess, callApi } from './api-client.ts';
import { onlyId } from './usage-error.ts';

/** `posthorn keys revoke`: refuses a key from the next request on. */
export async function revokeKey(args: readonly string[], access: ApiAccess): Promise<string> {
  const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true });
  const id = onlyId(positionals);
  await callApi(access, { method: 'DELETE', path: `/v1/api-keys/${id}` });
  return `${decodeURIComponent(id)} is revoked\n`;
}
