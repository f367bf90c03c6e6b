import type { AttemptOutcome } from '../domain/attempt.ts';
import { type ClaimedDelivery, decide, disablesEndpoint, type Verdict } from '../domain/delivery.ts';
import type { EndpointRoute } from '../domain/endpoint-route.ts';
import { isListenerUrl, LISTENER_ACTOR } from '../domain/listener.ts';
import type { Timing } from '../domain/timing.ts';
import type { Logger } from '../logger.ts';
import type { SenderName } from '../settings/sender-name.ts';
import type { AttemptRecord, AttemptRecorder, Recorded } from '../storage/claims/attempt-recorder.ts';
import type { Claim, Outgoing } from '../storage/claims/claim.ts';
import type { EndpointSwitch } from '../storage/gates/endpoint-switch.ts';
import { beginAttempt, type TracedAttempt } from '../tracing/spans.ts';
import { loggedTrace } from '../tracing/trace-parent.ts';
import { judgeChallengeAnswer } from './challenge-answer.ts';
import { countAttempt, whileRecording } from './count-attempt.ts';
import type { NetworkWatch } from './network-watch.ts';
import { signRequest } from './signed-request.ts';

export interface OutgoingRequest {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  readonly route: EndpointRoute | null;
}

export interface SendingDependencies extends SenderName {
  readonly recorder: AttemptRecorder;
  readonly endpointSwitch: EndpointSwitch;
  readonly network: Pick<NetworkWatch, 'note'>;
  readonly send: (
    request: OutgoingRequest,
    options: { readonly timeoutMs: number },
  ) => Promise<AttemptOutcome>;
  readonly logger: Logger;
  readonly timing: Pick<Timing, 'recordPauseMs'>;
}

/** What one call is made with. */
interface CallDependencies extends SendingDependencies {
  /** Called when the receiver has answered, or has not: before that is recorded. */
  readonly onAnswered?: (outcome: AttemptOutcome) => void;
}

/** What became of a call: the answer, and how its (first) delivery stands now; `next` where it is to be tried again. */
export interface Sent {
  readonly outcome: AttemptOutcome;
  readonly recorded: Recorded & { readonly next: AttemptRecord['next'] | null };
}

/** Who makes the next attempt, given what the last one means. */
export type ChooseNext = (verdict: Verdict) => AttemptRecord['next'];

const FIRST_RECORD_PAUSE_MS = 200;
/** What is handed to somebody who listens says nothing of our network. */
const NO_OPINION = { isSuspected: false, isExcused: false };

/**
 * Signs and POSTs what was claimed, one delivery or a whole batch, and writes down what came of it, again and again for
 * as long as the process lives: the request is never repeated for that. The one sender and recorder of `attempt` and
 * the drains.
 */
export async function sendAndRecord(
  outgoing: Outgoing,
  dependencies: CallDependencies,
  chooseNext: ChooseNext,
): Promise<Sent> {
  const { recorder, endpointSwitch, network, logger } = dependencies;
  const [lead] = outgoing;
  const traced = beginAttempt(() => tracedAttempt(outgoing));
  const answered = await makeCall(outgoing, dependencies);
  const outcome = await untilDone(
    async () => await judgeChallengeAnswer(lead, { outcome: answered.outcome, endpointSwitch }),
    dependencies,
    lead,
  );
  dependencies.onAnswered?.(outcome);
  const made = { ...answered, outcome };
  const isRelayed = isListenerUrl(lead.url);
  const { isSuspected, isExcused } = isRelayed ? NO_OPINION : network.note(lead.url, outcome);
  const chance = { now: Date.now(), random: Math.random(), isExcused, isRelayed };
  const verdict = decide(deciding(outgoing), outcome, chance);
  const shared = { ...made, verdict, next: chooseNext(verdict), isNetworkSuspected: isSuspected };
  const record: AttemptRecord = { ...shared, claim: lead };
  const all = outgoing.map((claim) => ({ ...shared, claim }));
  const recording = traced?.part('record');
  const recorded = await whileRecording(
    async () =>
      await untilDone(
        async () => await (lead.batch === undefined ? recorder.record(record) : recorder.recordBatch(all)),
        dependencies,
        lead,
      ),
  );
  recording?.end();
  traced?.end(outcome);
  countAttempt(record, { recorded, count: outgoing.length });
  await untilDone(async () => await switchEndpoint(lead, { outcome, endpointSwitch }), dependencies, lead);
  logAttempt(record, { recorded, count: outgoing.length, logger });
  return { outcome, recorded: { ...recorded, next: recorded.status === 'retrying' ? record.next : null } };
}

/** Disables an endpoint that is gone, and holds what is for somebody who listens no more. */
async function switchEndpoint(
  { endpointId, url }: Claim,
  { outcome, endpointSwitch }: Pick<Sent, 'outcome'> & Pick<SendingDependencies, 'endpointSwitch'>,
): Promise<void> {
  if (outcome.errorCode === 'listener_away')
    await endpointSwitch.pause(endpointId, { by: LISTENER_ACTOR, reason: 'Nobody listens.' });
  else if (disablesEndpoint(outcome.errorCode) && !isListenerUrl(url))
    await endpointSwitch.disable(endpointId, 'gone', { url });
}

/** What was answered and how fast, for people: `503 in 41 ms`. */
export function summaryOf(outcome: AttemptOutcome): string {
  const what = outcome.statusCode ?? outcome.errorCode ?? 'nothing';
  return `${what} in ${Math.round(outcome.timings.totalMs)} ms`;
}

async function makeCall(
  outgoing: Outgoing,
  { send, userAgent, headerPrefix }: SendingDependencies,
): Promise<Omit<AttemptRecord, 'claim' | 'verdict' | 'next' | 'isNetworkSuspected'>> {
  const startedAt = new Date();
  const [{ url, route, timeoutMs }] = outgoing;
  const { headers, body, signature } = signRequest(outgoing, {
    now: startedAt,
    userAgent,
    headerPrefix,
  });
  const outcome = await send({ url, headers, body, route }, { timeoutMs });
  return { startedAt, signedAt: startedAt, signature, requestHeaders: headers, outcome };
}

function tracedAttempt(outgoing: Outgoing): TracedAttempt {
  const [lead] = outgoing;
  return {
    ...lead,
    attempt: lead.batch?.attempt ?? lead.attempt,
    deliveryId: lead.batch?.id ?? lead.deliveryId,
    traceParents: outgoing.flatMap(({ traceParent }) => traceParent ?? []),
  };
}

/** A batch has the budget of the member that used least of its own: what was retried alone before shortens nobody's. */
function deciding(outgoing: Outgoing): ClaimedDelivery {
  const [{ trigger, retry, attempt, batch }] = outgoing;
  const retriesUsed = Math.min(...outgoing.map((claim) => claim.retriesUsed));
  return { trigger, retry, attempt: batch?.attempt ?? attempt, retriesUsed };
}

async function untilDone<T>(
  work: () => Promise<T>,
  { logger, timing }: Pick<SendingDependencies, 'logger' | 'timing'>,
  lead: Claim,
): Promise<T> {
  for (let pauseMs = FIRST_RECORD_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, timing.recordPauseMs)) {
    try {
      return await work();
    } catch (error) {
      logger.warn(
        { ...subjectOf(lead), error: String(error) },
        'what came of an attempt could not be written down; trying again',
      );
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

/** One line a call; of a batch it names the batch instead of each member. */
function logAttempt(
  { claim, outcome }: AttemptRecord,
  {
    recorded,
    count,
    logger,
  }: { readonly recorded: Recorded; readonly count: number; readonly logger: Logger },
): void {
  logger.info(
    {
      ...subjectOf(claim),
      ...(claim.batch === undefined
        ? { event_id: claim.eventId, event: claim.event, ...loggedTrace(claim.traceParent) }
        : { deliveries: count }),
      endpoint_id: claim.endpointId,
      customer_id: claim.customerId,
      trigger: claim.trigger,
      status_code: outcome.statusCode,
      error_code: outcome.errorCode,
      duration_ms: Math.round(outcome.timings.totalMs),
      status: recorded.status,
      next_attempt_in_ms: recorded.waitMs === null ? null : Math.round(recorded.waitMs),
    },
    'attempt',
  );
}

/** What a line of the log is about. */
export function subjectOf({ deliveryId, attempt, batch }: Claim): Record<string, string | number> {
  return batch === undefined
    ? { delivery_id: deliveryId, attempt }
    : { batch_id: batch.id, attempt: batch.attempt };
}
