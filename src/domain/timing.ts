/**
 * How soon the parts of an installation notice that another is gone and do its work, and how long they wait for one
 * another, in milliseconds. All processes of an installation have the same.
 */
export interface Timing {
  /** A claim holds for the endpoint's timeout and so long: the time to sign, to POST and to record. */
  readonly leaseMarginMs: number;
  /** A claim that was not POSTed by then is given back: its lease would no longer cover the whole request. */
  readonly claimToPostMs: number;
  /** How long the connection to Postgres must have been unbroken before anybody's lease is closed by another. */
  readonly steadyMs: number;
  /** The longest pause between two tries to record what was sent while Postgres is away. */
  readonly recordPauseMs: number;
  /** Between two rounds of the reconciling loop. */
  readonly roundMs: number;
  /**
   * How long somebody's work on a delivery or a replay may take before the loop looks at it; the distance doubles each
   * time.
   */
  readonly recheckMs: number;
  readonly longestRecheckMs: number;
  /** The same for what a person asked for. */
  readonly askedMs: number;
  /** How long what is due may wait for a wave or a gate before the loop asks why. */
  readonly patienceMs: number;
  /** A drain has its lane or gate for so long after each look. */
  readonly drainLeaseMs: number;
  /** Between two looks of a drain at its lease, each with a heartbeat. */
  readonly drainLookMs: number;
  /** After so long without a look another worker is asked to stand in for a drain. */
  readonly drainLateMs: number;
  /** After so long without a heartbeat Temporal gives a drain to another worker. */
  readonly drainSilenceMs: number;
  /** Between two heartbeats of an attempt. */
  readonly attemptHeartbeatMs: number;
  /** After so long without one Temporal gives the attempt to another worker. */
  readonly attemptSilenceMs: number;
  /** How much longer than it meant to a gate's workflow may sleep before the loop wakes it. */
  readonly sleepMarginMs: number;
  /** How often a process tells the others of itself: which keys it has, what it thinks of its network. */
  readonly announceMs: number;
  /** For how long it is believed. */
  readonly believedMs: number;
  /** Between two rounds of counting what happened into roll-ups; figures add what is not counted yet. */
  readonly countMs: number;
  /** Between the answer that shows a new endpoint's secret and the first request that is signed with it. */
  readonly firstChallengeMs: number;
  /** How much longer than its endpoint may take the test of an endpoint is waited for: to be started and recorded. */
  readonly testWaitMs: number;
  /** How long one event may be checked against its schema; all events of a request together may take twice that. */
  readonly schemaCheckMs: number;
}

/** What every installation runs with. Workflows read nothing else, as their histories outlive settings. */
export const PRODUCTION_TIMING: Timing = {
  leaseMarginMs: 15_000,
  claimToPostMs: 5_000,
  steadyMs: 10_000,
  recordPauseMs: 5_000,
  roundMs: 5_000,
  recheckMs: 15_000,
  longestRecheckMs: 3_600_000,
  askedMs: 10_000,
  patienceMs: 3_000,
  drainLeaseMs: 10_000,
  drainLookMs: 500,
  drainLateMs: 1_200,
  drainSilenceMs: 5_000,
  attemptHeartbeatMs: 3_000,
  attemptSilenceMs: 15_000,
  sleepMarginMs: 60_000,
  announceMs: 5_000,
  believedMs: 30_000,
  countMs: 15_000,
  firstChallengeMs: 5_000,
  testWaitMs: 10_000,
  // Ample for any schema that means well, on a busy machine too.
  schemaCheckMs: 2_000,
};

/** For tests, which would wait most of their time: processes that share a busy machine still keep these times. */
export const TEST_TIMING: Timing = {
  ...PRODUCTION_TIMING,
  leaseMarginMs: 5_000,
  claimToPostMs: 2_000,
  steadyMs: 2_000,
  recordPauseMs: 500,
  roundMs: 1_000,
  recheckMs: 4_000,
  askedMs: 3_000,
  patienceMs: 1_500,
  drainLeaseMs: 6_000,
  announceMs: 1_000,
  believedMs: 6_000,
  countMs: 1_000,
  firstChallengeMs: 100,
  testWaitMs: 5_000,
};

/** All there are, by the names that settings give them. */
export const TIMINGS: Readonly<Record<'production' | 'test', Timing>> = {
  production: PRODUCTION_TIMING,
  test: TEST_TIMING,
};

/** A beat may be late or lost and is still no sign of death. */
const BEATS = 3;

/** What is wrong with these times, each in a sentence; recovery is safe and makes progress where nothing is. */
export function timingFaults(timing: Timing): readonly string[] {
  const rules: readonly (readonly [boolean, string])[] = [
    [
      2 * timing.claimToPostMs <= timing.leaseMarginMs,
      'a lease leaves as long for recording as a claim may wait for its POST',
    ],
    [
      2 * timing.recordPauseMs <= timing.steadyMs,
      'after an outage whoever sent records before anybody closes its lease',
    ],
    [BEATS * timing.drainLookMs <= timing.drainSilenceMs, 'a drain that lives is heard'],
    [2 * timing.drainLookMs <= timing.drainLateMs, 'a drain that lives is not late'],
    [timing.drainLateMs < timing.drainSilenceMs, 'others stand in before Temporal replaces a dead drain'],
    [BEATS * timing.attemptHeartbeatMs <= timing.attemptSilenceMs, 'an attempt that lives is heard'],
    [
      timing.drainSilenceMs < timing.drainLeaseMs,
      'Temporal replaces a dead drain before its lane counts as abandoned',
    ],
    [BEATS * timing.announceMs <= timing.believedMs, 'a process that lives is believed'],
    [timing.patienceMs < timing.recheckMs, 'what waits for a wave is asked after before runs are'],
    [timing.roundMs < timing.askedMs, 'what a person asked for is looked at in the round that it is due in'],
    [timing.recheckMs < timing.longestRecheckMs, 'the distance between two looks can grow'],
  ];
  return rules.filter(([holds]) => !holds).map(([, rule]) => `does not hold: ${rule}`);
}
