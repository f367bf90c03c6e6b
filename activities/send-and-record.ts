import type { AttemptOutcome } from '../src/domain/attempt.ts';
import { decide, disablesEndpoint, type Verdict } from '../src/domain/delivery.ts';
import type { EndpointRoute } from '../src/domain/endpoint-route.ts';
import type { Logger } from '../src/logger.ts';
import { signDelivery } from '../src/signature/index.ts';
import type { Claim } from '../src/storage/claim.ts';
import type { EndpointGate } from '../src/storage/endpoint-gate.ts';
import type { AttemptRecord, Recorded, Records } from '../src/storage/records.ts';
import { requestHeaders } from './request-headers.ts';
import type { NetworkWatch } from './watch-network.ts';

export interface OutgoingRequest {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  readonly route: EndpointRoute | null;
}

export interface SendingDependencies {
  readonly records: Records;
  readonly gate: EndpointGate;
  readonly network: Pick<NetworkWatch, 'note'>;
  readonly send: (
    request: OutgoingRequest,
    options: { readonly timeoutMs: number },
  ) => Promise<AttemptOutcome>;
  readonly logger: Logger;
  readonly userAgent: string;
}

/** What became of a claim: the answer, and how the delivery stands now; `next` where it is to be tried again. */
export interface Sent {
  readonly outcome: AttemptOutcome;
  readonly recorded: Recorded & { readonly next: AttemptRecord['next'] | null };
}

/** Who makes the next attempt, given what the last one means. */
export type ChooseNext = (verdict: Verdict) => AttemptRecord['next'];

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Signs and POSTs what was claimed, and writes down what came of it, again and again for as long as the process lives: the
 * request is never repeated for that. The one sender and recorder of `attempt` and `drain`.
 */
export async function sendAndRecord(
  claim: Claim,
  dependencies: SendingDependencies,
  chooseNext: ChooseNext,
): Promise<Sent> {
  const made = await makeAttempt(claim, dependencies);
  const { isSuspected, isExcused } = dependencies.network.note(claim.url, made.outcome);
  const verdict = decide(claim, made.outcome, { now: Date.now(), random: Math.random(), isExcused });
  const record = { ...made, verdict, next: chooseNext(verdict), isNetworkSuspected: isSuspected };
  const repeated = { claim, logger: dependencies.logger };
  const recorded = await untilDone(async () => await dependencies.records.record(record), repeated);
  if (disablesEndpoint(made.outcome.errorCode)) {
    await untilDone(async () => await dependencies.gate.disable(claim.endpointId, 'gone'), repeated);
  }
  logAttempt(record, recorded, dependencies.logger);
  const next = recorded.status === 'retrying' ? record.next : null;
  return { outcome: made.outcome, recorded: { ...recorded, next } };
}

/** What was answered and how fast, for people: `503 in 41 ms`. */
export function summaryOf(outcome: AttemptOutcome): string {
  const what = outcome.statusCode ?? outcome.errorCode ?? 'nothing';
  return `${what} in ${Math.round(outcome.timings.totalMs)} ms`;
}

async function makeAttempt(
  claim: Claim,
  { send, userAgent }: SendingDependencies,
): Promise<Omit<AttemptRecord, 'verdict' | 'next' | 'isNetworkSuspected'>> {
  const startedAt = new Date();
  const [primary = '', ...additional] = claim.secrets;
  const signed = signDelivery({
    event: claim.event,
    deliveryId: claim.deliveryId,
    attempt: claim.attempt,
    dataText: claim.dataText,
    timestamp: startedAt,
    secrets: { primary, additional },
  });
  const requestHeadersSent = requestHeaders(claim, { signed: signed.headers, userAgent });
  const outcome = await send(
    { url: claim.url, headers: requestHeadersSent, body: signed.body, route: claim.route },
    { timeoutMs: claim.timeoutMs },
  );
  return {
    claim,
    startedAt,
    signedAt: startedAt,
    signature: signed.bodySignature,
    requestHeaders: requestHeadersSent,
    outcome,
  };
}

async function untilDone<T>(
  work: () => Promise<T>,
  { claim, logger }: { readonly claim: Claim; readonly logger: Logger },
): Promise<T> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      logger.warn(
        { delivery_id: claim.deliveryId, attempt: claim.attempt, error: String(error) },
        'what came of an attempt could not be written down; trying again',
      );
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

function logAttempt({ claim, outcome }: AttemptRecord, recorded: Recorded, logger: Logger): void {
  logger.info(
    {
      delivery_id: claim.deliveryId,
      event_id: claim.eventId,
      event: claim.event,
      endpoint_id: claim.endpointId,
      customer_id: claim.customerId,
      attempt: claim.attempt,
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
