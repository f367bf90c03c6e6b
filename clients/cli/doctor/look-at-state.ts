import { reasonOf } from '../output/failure.ts';
import { type Check, type Finding, failed, ok } from './finding.ts';
import { ANSWER_PATIENCE_MS } from './look-at-api.ts';

const MOST_SKEW_SECONDS = 60;

interface Readiness {
  readonly status: string;
  readonly reasons: readonly { readonly part: string; readonly code: string; readonly message: string }[];
}

const PARTS = ['postgres', 'temporal', 'worker'] as const;

const REMEDIES: Readonly<Record<string, string>> = {
  postgres:
    'Look at DATABASE_URL and at Postgres itself; the log of the API has ' +
    'the cause. A schema is brought up by posthorn migrate.',
  temporal:
    'Look at TEMPORAL_ADDRESS and at Temporal itself; events are accepted meanwhile, and delivered when it is back.',
  worker: 'Start a worker: posthorn worker. Events are accepted meanwhile.',
  network: 'Look at the network, the resolver and the firewall of the workers.',
  process: 'It is about to stop: ask another one.',
};

/** Whether the API’s clock and ours agree, and what it says of Postgres, Temporal and workers. */
export const lookAtState: Check = async ({ access, io }) => {
  const signal = AbortSignal.any([io.signal, AbortSignal.timeout(ANSWER_PATIENCE_MS)]);
  try {
    const ready = await fetch(`${access.url}/v1/health/ready`, { signal, redirect: 'error' });
    const readiness = (await ready.json()) as Readiness;
    return [clockFinding(ready.headers.get('date')), ...readinessFindings(readiness)];
  } catch (error) {
    return [failed('api', `${access.url}: ${reasonOf(error)}`, 'Look into the log of the API.')];
  }
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
