import type { AttemptOutcome } from './attempt.ts';
import type { ErrorCode } from './error-code.ts';

/** What the attempts of all endpoints say about our own network; plain JSON, of bounded size. */
export interface NetworkGuard {
  /** Hosts that could not be reached since any was, each with its last failure, latest last. */
  readonly hosts: readonly { readonly host: string; readonly failedAt: number }[];
  /** The first failure since any host was reached; null while none failed. */
  readonly failingSince: number | null;
  /** When enough hosts failed for the first time since any was reached; null before that. */
  readonly spreadAt: number | null;
}

/** Whether an attempt reached its host. Attempts that say neither (`reachOf` null) are no facts. */
export interface ReachFact {
  readonly host: string;
  readonly isReached: boolean;
  readonly at: number;
}

/** Nothing has failed. */
export const QUIET_NETWORK: NetworkGuard = { hosts: [], failingSince: null, spreadAt: null };

/** From how many failing hosts on the fault is looked for at home. */
export const SUSPICIOUS_HOSTS = 3;

/** For how long no host may have been reached before that. */
export const SUSPICIOUS_AFTER_MS = 30_000;

/** The longest suspicion: after an hour the hosts are taken to be broken, until one is reached. */
export const SUSPICION_LIMIT_MS = 3_600_000;

/** How long it takes to suspect the own network, and for how long at most it is suspected, in milliseconds. */
export interface SuspicionTimes {
  readonly afterMs: number;
  readonly limitMs: number;
}

/** After half a minute, for an hour. */
export const SUSPICION_TIMES: SuspicionTimes = { afterMs: SUSPICIOUS_AFTER_MS, limitMs: SUSPICION_LIMIT_MS };

/** For how long a host counts as failing after its last failure; longer than the default retries are apart. */
export const FAILURE_MEMORY_MS = 600_000;

/** How many hosts are remembered; more than enough to tell whether there are three. */
export const MAX_REMEMBERED_HOSTS = 10;

/**
 * Whether the network carried an attempt: true for any HTTP answer, false where the name was not resolved or nobody was
 * connected to, null where it cannot be told (TLS, an answer that is not HTTP, a forbidden address).
 */
export function reachOf(
  outcome: Pick<AttemptOutcome, 'statusCode' | 'errorCode' | 'remoteAddress'>,
): boolean | null {
  if (outcome.statusCode !== null) return true;
  if (outcome.errorCode === 'timeout') return outcome.remoteAddress === null ? false : null;
  return outcome.errorCode !== null && NETWORK_ERRORS.has(outcome.errorCode) ? false : null;
}

/** Takes in one fact, in the order of their completion. Whoever is reached clears the suspicion. */
export function foldReach(guard: NetworkGuard, fact: ReachFact): NetworkGuard {
  if (fact.isReached) return guard.failingSince === null ? guard : QUIET_NETWORK;
  const others = guard.hosts.filter(({ host }) => host !== fact.host);
  const hosts = [...others, { host: fact.host, failedAt: fact.at }].slice(-MAX_REMEMBERED_HOSTS);
  const isSpread = failingHosts({ hosts }, fact.at) >= SUSPICIOUS_HOSTS;
  return {
    hosts,
    failingSince: guard.failingSince ?? fact.at,
    spreadAt: guard.spreadAt ?? (isSpread ? fact.at : null),
  };
}

/**
 * Whether our own network is suspected: three or more hosts fail, and none was reached for 30 s. While it is, attempts
 * consume no retry budget, no breaker opens, nothing is disabled, and an alert says so.
 */
export function isSuspected(guard: NetworkGuard, now: number, times = SUSPICION_TIMES): boolean {
  const since = suspectedSince(guard, times);
  if (since === null || now < since || now >= since + times.limitMs) return false;
  return failingHosts(guard, now) >= SUSPICIOUS_HOSTS;
}

/** When suspicion began, or will if no host is reached before; null where there is no reason for it. */
export function suspectedSince(
  { failingSince, spreadAt }: NetworkGuard,
  { afterMs }: SuspicionTimes = SUSPICION_TIMES,
): number | null {
  if (failingSince === null || spreadAt === null) return null;
  return Math.max(spreadAt, failingSince + afterMs);
}

/** How many of the remembered hosts count as failing now. */
export function failingHosts({ hosts }: Pick<NetworkGuard, 'hosts'>, now: number): number {
  return hosts.filter(({ failedAt }) => now - failedAt < FAILURE_MEMORY_MS).length;
}

/** A refused or reset connection counts: so a broken proxy or firewall of ours looks from inside. */
const NETWORK_ERRORS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'dns_not_found',
  'dns_failed',
  'connection_refused',
  'connection_reset',
  'connection_timeout',
  'network_unreachable',
]);
