import type { KeyScope } from '../../typescript/key-scopes.ts';
import { PosthornProblem } from '../../typescript/problem.ts';
import type { components } from '../../typescript/schema.ts';
import { reasonOf } from '../output/failure.ts';
import { present } from '../present.ts';
import type { Session } from '../session.ts';
import { type Check, type Finding, failed, ok } from './finding.ts';

type Schemas = components['schemas'];

/** Whether the API takes the key, whose it is, and whether it may do all of this. */
export function lookAtKey(wanted: readonly KeyScope[]): Check {
  return async (session) => {
    const { key, url } = session.access;
    if (key === null)
      return [failed('key', `there is none for ${url}`, 'Set POSTHORN_API_KEY, or run posthorn login.')];
    try {
      const caller = present(await session.posthorn.api.GET('/v1/session'));
      return [scopeFinding(nameOf(session), caller, wanted)];
    } catch (error) {
      if (!(error instanceof PosthornProblem))
        return [failed('api', reasonOf(error), 'Look at the checks above.')];
      return [refusalFinding(nameOf(session), error, wanted)];
    }
  };
}

/** As much of the key as may be shown. */
function nameOf({ access }: Session): string {
  return `${access.key?.slice(0, 8)}…`;
}

function scopeFinding(
  name: string,
  { kind, customer_id, scopes }: Schemas['SessionCaller'],
  wanted: readonly KeyScope[],
): Finding {
  const owner = kind === 'operator' ? 'an operator’s, which sees every customer' : `of ${customer_id}`;
  const told = `${name} is ${owner}, and may ${scopes.join(', ')}`;
  const missing = wanted.filter((scope) => !scopes.includes(scope));
  if (missing.length === 0) return ok('key', told);
  return failed('key', `${told}, not ${missing.join(', ')}`, remedyFor(missing));
}

/** A key without `view` may not ask what it may do: where nothing is wanted of it, that the API knows it is enough. */
function refusalFinding(
  name: string,
  { code, message, status }: PosthornProblem,
  wanted: readonly KeyScope[],
): Finding {
  if (code === 'scope_missing' && wanted.length === 0) return ok('key', `${name} is known. ${message}`);
  if (code === 'scope_missing') return failed('key', message, remedyFor(['view', ...wanted]));
  if (status !== 401 && status !== 403)
    return failed(
      'api',
      `${message} (${code})`,
      'Run posthorn doctor, which looks at what is behind the API.',
    );
  return failed(
    'key',
    `${message} (${code})`,
    'Use another key: POSTHORN_API_KEY, --key-file, or posthorn login.',
  );
}

function remedyFor(scopes: readonly KeyScope[]): string {
  return `Use a key that may: posthorn keys create --scopes …,${[...new Set(scopes)].join(',')}`;
}
