import { lookup } from 'node:dns/promises';
import { reasonOf } from '../output/failure.ts';
import { type Check, type Finding, failed, ok } from './check.ts';

const MOST_SKEW_SECONDS = 60;
const ANSWER_PATIENCE_MS = 10_000;

/** Whether the name of the API resolves. */
export const lookAtName: Check = async ({ access }) => {
  const host = new URL(access.url).hostname.replace(/^\[|\]$/g, '');
  try {
    const { address } = await lookup(host);
    return [ok('dns', `${host} is ${address}`)];
  } catch (error) {
    const remedy = `Mend the name in the URL, which comes from ${access.source}, or the resolver of this machine.`;
    return [failed('dns', reasonOf(error), remedy)];
  }
};

/** Whether the API answers, whether its clock and ours agree, and what it says of Postgres, Temporal and workers. */
export const lookAtApi: Check = async ({ access, io }) => {
  const signal = AbortSignal.any([io.signal, AbortSignal.timeout(ANSWER_PATIENCE_MS)]);
  try {
    const live = await fetch(`${access.url}/v1/health/live`, { signal, redirect: 'error' });
    const { version } = (await live.json()) as { readonly version?: unknown };
    if (typeof version !== 'string') return [notPosthorn(access.url)];
    const ready = await fetch(`${access.url}/v1/health/ready`, { signal, redirect: 'error' });
    return [
      ok('api', `${access.url} is Posthorn ${version} (from ${access.source})`),
      clockFinding(live.headers.get('date')),
      ...readinessFindings((await ready.json()) as Readiness),
    ];
  } catch (error) {
    if (error instanceof SyntaxError) return [notPosthorn(access.url)];
    const remedy = `Start it (npm start), or name another: --api-url, POSTHORN_URL. This URL comes from ${access.source}.`;
    return [failed('api', `${access.url}: ${reasonOf(error)}`, remedy)];
  }
};

interface Readiness {
  readonly status: string;
  readonly reasons: readonly { readonly part: string; readonly code: string; readonly message: string }[];
}

const PARTS = ['postgres', 'temporal', 'worker'] as const;

const REMEDIES: Readonly<Record<string, string>> = {
  postgres:
    'Look at DATABASE_URL and at Postgres itself; the log of the API has the cause. A schema is brought up by posthorn migrate.',
  temporal:
    'Look at TEMPORAL_ADDRESS and at Temporal itself; events are accepted meanwhile, and delivered when it is back.',
  worker: 'Start a worker: posthorn worker. Events are accepted meanwhile.',
  network: 'Look at the network, the resolver and the firewall of the workers.',
  process: 'It is about to stop: ask another one.',
};

function readinessFindings({ reasons }: Readiness): readonly Finding[] {
  const wrong = reasons.map(({ part, message }) =>
    failed(part, message, REMEDIES[part] ?? 'Look into the log of the API.'),
  );
  const isWrong = (part: string): boolean => reasons.some((reason) => reason.part === part);
  return [...PARTS.filter((part) => !isWrong(part)).map((part) => ok(part, 'in use')), ...wrong];
}

function clockFinding(date: string | null): Finding {
  const skew = date === null ? Number.NaN : Math.round((Date.now() - Date.parse(date)) / 1_000);
  if (Math.abs(skew) <= MOST_SKEW_SECONDS) return ok('clock', `within ${Math.abs(skew)} s of the API’s`);
  if (Number.isNaN(skew)) return ok('clock', 'the API tells no time');
  const remedy =
    'Set the clocks (NTP): receivers refuse signatures that are 5 minutes old, or from the future.';
  return failed('clock', `${Math.abs(skew)} s ${skew > 0 ? 'ahead of' : 'behind'} the API’s`, remedy);
}

function notPosthorn(url: string): Finding {
  return failed(
    'api',
    `What answers at ${url} is no Posthorn.`,
    'Name the URL without /v1, as npm start prints it.',
  );
}
