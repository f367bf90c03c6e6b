import { parseArgs } from 'node:util';
import { type ApiAccess, callApi } from './api-client.ts';
import { announceKey, type KeyAnswer } from './keys-view.ts';
import { onlyId, UsageError } from './usage-error.ts';

const OPTIONS = { overlap: { type: 'string', default: '0' } } as const;

/** `posthorn keys rotate`: gives a key a new text and shows it, this once. */
export async function rotateKey(args: readonly string[], access: ApiAccess): Promise<string> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const path = `/v1/api-keys/${onlyId(positionals)}/rotate`;
  if (!/^\d{1,9}$/.test(values.overlap)) throw new UsageError('--overlap takes a whole number of seconds');
  const body = { overlap_seconds: Number(values.overlap) };
  return announceKey((await callApi(access, { method: 'POST', path, body })) as KeyAnswer);
}
