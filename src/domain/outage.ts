/** When operators are told that a host fails. */
export interface OutageRule {
  /** From which part on, of its attempts or of its endpoints, a host counts as failing. */
  readonly failureRatio: number;
  /** Fewer attempts say nothing. */
  readonly minimumAttempts: number;
  /** Over how long attempts are counted. */
  readonly windowMs: number;
  /** Between two alerts about one host at least. */
  readonly quietMs: number;
}

/** What is known of a host. */
export interface Outage {
  /** Since when it fails, in milliseconds since the epoch as all times here; null while it is well. */
  readonly failingSince: number | null;
  /** When operators were last told that it fails. */
  readonly toldAt: number | null;
  /** Whether they were told of this outage. */
  readonly isTold: boolean;
}

/** How the endpoints of a host that are in use fared. */
export interface HostFacts {
  /** Over the window. */
  readonly attempts: number;
  readonly failures: number;
  /** Over its last two minutes. */
  readonly lateAttempts: number;
  readonly lateFailures: number;
  /** When its failures began. */
  readonly failedFirst: number | null;
  /** Endpoints that made attempts in the window, or since its outage began. */
  readonly active: number;
  /** Of those, whose last attempt failed, and whose breaker is not closed. */
  readonly failedLast: number;
  readonly broken: number;
  /** When one of its endpoints last made an attempt. */
  readonly attemptedLast: number | null;
}

/** What a look at a host leads to: what is known of it from now on (null is nothing), and what operators are told. */
export interface OutageStep {
  readonly outage: Outage | null;
  readonly tell: 'failing' | 'recovered' | null;
}

/** An outage in which nothing was tried for so long is forgotten: nobody knows whether it lasts. */
const FORGOTTEN_MS = 86_400_000;

const UNKNOWN: Outage = { failingSince: null, toldAt: null, isTold: false };

/**
 * Tells of an outage once, and once that it is over; not while the last alert about the host is young, so that one that
 * fails and recovers in turn is not told of again and again.
 */
export function followOutage(before: Outage | null, facts: HostFacts, at: Look): OutageStep {
  const outage = before ?? UNKNOWN;
  return outage.failingSince === null ? followWell(outage, facts, at) : followFailing(outage, facts, at);
}

/** By which rule, and when a host is looked at. */
interface Look {
  readonly rule: OutageRule;
  readonly now: number;
}

function followWell(outage: Outage, facts: HostFacts, look: Look): OutageStep {
  if (isFailing(facts, look.rule))
    return begin({ ...outage, failingSince: facts.failedFirst ?? look.now, isTold: false }, look);
  return { outage: isQuiet(outage, look) ? outage : null, tell: null };
}

function followFailing(outage: Outage, facts: HostFacts, look: Look): OutageStep {
  const { attemptedLast } = facts;
  if (attemptedLast === null || look.now - attemptedLast > FORGOTTEN_MS) return { outage: null, tell: null };
  if (isWell(facts, look.rule)) {
    const tell = outage.isTold ? 'recovered' : null;
    return { outage: { ...outage, failingSince: null, isTold: false }, tell };
  }
  return outage.isTold || !isFailing(facts, look.rule) ? { outage, tell: null } : begin(outage, look);
}

function begin(outage: Outage, look: Look): OutageStep {
  if (isQuiet(outage, look)) return { outage, tell: null };
  return { outage: { ...outage, toldAt: look.now, isTold: true }, tell: 'failing' };
}

function isQuiet({ toldAt }: Outage, { rule, now }: Look): boolean {
  return toldAt !== null && now - toldAt < rule.quietMs;
}

/** A breaker that opens ends the attempts, so that their ratio alone would come late beside earlier successes. */
function isFailing(facts: HostFacts, { failureRatio, minimumAttempts }: OutageRule): boolean {
  const { attempts, failures, active, failedLast, broken } = facts;
  if (active === 0 || failedLast < failureRatio * active) return false;
  const byRatio = attempts >= minimumAttempts && failures >= failureRatio * attempts;
  const byBreakers = failures >= minimumAttempts && broken >= failureRatio * active;
  return byRatio || byBreakers;
}

function isWell(
  { active, failedLast, lateAttempts, lateFailures }: HostFacts,
  { failureRatio }: OutageRule,
): boolean {
  if (failedLast >= failureRatio * active) return false;
  return lateAttempts === 0 || lateFailures < failureRatio * lateAttempts;
}
