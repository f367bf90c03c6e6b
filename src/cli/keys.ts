import { isNativeError } from 'node:util/types';
import { type ApiAccess, ApiRefusal } from './api-client.ts';
import { createKey } from './keys-create.ts';
import { listKeys } from './keys-list.ts';
import { revokeKey } from './keys-revoke.ts';
import { rotateKey } from './keys-rotate.ts';
import { rotateMasterKey } from './keys-rotate-master.ts';
import { UsageError } from './usage-error.ts';

type OnProgress = (line: string) => void;
type Verb = (args: readonly string[], access: ApiAccess, onProgress: OnProgress) => Promise<string>;

const VERBS: Readonly<Record<string, Verb>> = {
  create: createKey,
  list: listKeys,
  rotate: rotateKey,
  revoke: revokeKey,
  'rotate-master': rotateMasterKey,
};

/** How `posthorn keys` is used. */
export const KEYS_USAGE = `usage: posthorn keys <verb>, with POSTHORN_URL and POSTHORN_ADMIN_KEY

  create    --customer <id> or --operator; --name, --expires <RFC 3339 time>, --from <CIDR,…>,
            --scopes publish,view,test,retry,manage_endpoints,secrets,operate
            (a customer's key has all but the last two where none are named)
  list      --customer <id>
  rotate    <key id> --overlap <seconds that the old text works on; 0>
  revoke    <key id>

  rotate-master    re-encrypts all that is secret in Postgres with the first key of POSTHORN_MASTER_KEY
`;

/** Runs one verb of `posthorn keys`; what to print, and the exit code: 0, 1 where the API refused, 2 for wrong usage. */
export async function runKeys(
  [name = '', ...args]: readonly string[],
  readAccess: () => ApiAccess,
  { onProgress = () => {} }: { readonly onProgress?: OnProgress } = {},
): Promise<{ readonly text: string; readonly exitCode: number }> {
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  const isHelp = name === '--help' || args.includes('--help');
  if (verb === undefined || isHelp) return { text: KEYS_USAGE, exitCode: isHelp ? 0 : 2 };
  try {
    return { text: await verb(args, readAccess(), onProgress), exitCode: 0 };
  } catch (error) {
    if (error instanceof ApiRefusal) return { text: `${error.message}\n`, exitCode: 1 };
    if (!isUsageFault(error)) throw error;
    return { text: `${error.message}\n\n${KEYS_USAGE}`, exitCode: 2 };
  }
}

/** Those of `parseArgs` belong to Node's own realm, for which `instanceof` may fail. */
function isUsageFault(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return isNativeError(error) && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
