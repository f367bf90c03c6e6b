import type { DeadReason } from '../delivery.ts';
import { adviceFor } from '../error-code.ts';
import { explainHold, switched } from './explain-hold.ts';
import type {
  DeliveryNow,
  EndpointThen,
  EventAtEndpoint,
  ExplainedEvent,
  Explanation,
  ExplanationRule,
} from './explained.ts';

/** What is known where there is a delivery. */
export type DeliveredEvent = Omit<EventAtEndpoint, 'isToBeMade'> & { readonly delivery: DeliveryNow };

/** Says where a delivery stands, and why. */
export function explainDelivery(event: ExplainedEvent, known: DeliveredEvent): Explanation {
  const { delivery, endpointThen } = known;
  const { status, attemptsMade } = delivery;
  switch (status) {
    case 'delivered': {
      const delivered = `Delivered after ${attemptsOf(delivery)}${at(delivery.finishedAt)}.`;
      const sentence = `${delivered}${whenItCame(endpointThen)}${erasedSince(event)}`;
      return { outcome: 'delivered', rule: null, sentence };
    }
    case 'dead':
      return explainDeath(delivery);
    case 'cancelled':
      return explainCancelling(event, known);
    case 'skipped':
      return explainSkipping(known);
    case 'held':
      return explainHold(known);
    case 'scheduled':
      return waiting('scheduled', `Scheduled for ${delivery.dueAt?.toISOString() ?? 'later'}.`);
    case 'sending':
      return waiting('sending', `Attempt ${attemptsMade} is under way.`);
    case 'queued':
      return waiting('queued', 'Waits for a worker to send it.');
    case 'retrying':
      return waiting('retrying', retryingSentence(delivery));
  }
}

/** Says that a delivery has yet to be sent. */
export function waiting(rule: ExplanationRule, sentence: string): Explanation {
  return { outcome: 'waiting', rule, sentence };
}

function attemptsOf({ attemptsMade }: DeliveryNow): string {
  return attemptsMade === 1 ? '1 attempt' : `${attemptsMade} attempts`;
}

function at(time: Date | null): string {
  return time === null ? '' : `, at ${time.toISOString()}`;
}

function whenItCame(endpointThen: EndpointThen | null): string {
  if (endpointThen?.status === 'paused' || endpointThen?.status === 'disabled')
    return ` When the event came the endpoint was ${endpointThen.status}${switched(endpointThen)}.`;
  return endpointThen === null || endpointThen.breakerState === 'closed'
    ? ''
    : ' When the event came the circuit breaker of the endpoint was open.';
}

function erasedSince({ erasedAt }: ExplainedEvent): string {
  return erasedAt === null ? '' : ` What it carried was erased at ${erasedAt.toISOString()}.`;
}

function lastError({ lastErrorCode }: DeliveryNow): { readonly last: string; readonly advice: string } {
  if (lastErrorCode === null) return { last: '', advice: '' };
  return { last: `, the last with ${lastErrorCode}`, advice: ` ${adviceFor(lastErrorCode)}` };
}

function retryingSentence(delivery: DeliveryNow): string {
  const { last, advice } = lastError(delivery);
  const due = delivery.dueAt?.toISOString() ?? 'any moment';
  return `${attemptsOf(delivery)} failed${last}; the next is due at ${due}.${advice}`;
}

const DEATHS: Readonly<Record<DeadReason, string>> = {
  retries_exhausted: 'Dead: all its retries failed',
  endpoint_gone: 'Dead: the endpoint answered 410 Gone',
  destination_not_allowed: 'Dead: deliveries may not go where the endpoint leads',
  expired: 'Dead: it was held longer than the retention',
  test_failed: 'Dead: the test failed, and tests are not retried',
};

function explainDeath(delivery: DeliveryNow): Explanation {
  const rule = delivery.deadReason ?? 'retries_exhausted';
  const { last, advice } = lastError(delivery);
  return {
    outcome: 'dead',
    rule,
    sentence: `${DEATHS[rule]} (${attemptsOf(delivery)}${last}).${advice}`,
  };
}

function explainCancelling(
  event: ExplainedEvent,
  { delivery, endpoint, endpointThen }: DeliveredEvent,
): Explanation {
  const after = `after ${attemptsOf(delivery)}`;
  const because = (rule: ExplanationRule, why: string): Explanation => ({
    outcome: 'cancelled',
    rule,
    sentence: `Cancelled ${after}${why}.${whenItCame(endpointThen)}`,
  });
  const { finishedAt } = delivery;
  if (isSince(event.cancelledAt, finishedAt))
    return because('event_cancelled', `, because its event was cancelled${at(event.cancelledAt)}`);
  if (
    isSince(event.erasedAt, finishedAt) ||
    (event.erasedAt !== null && hadEnded({ delivery, endpointThen }))
  )
    return because('erased', `: what the event carried was erased${at(event.erasedAt)}`);
  if (isSince(endpoint.deletedAt, finishedAt))
    return because('endpoint_deleted', `, because its endpoint was deleted${at(endpoint.deletedAt)}`);
  return because('cancelled', ` by hand${at(finishedAt)}`);
}

/** Whether it was dead or skipped before: it keeps that time, and erasing cancels it, since it cannot be sent again. */
function hadEnded({ delivery, endpointThen }: Pick<DeliveredEvent, 'delivery' | 'endpointThen'>): boolean {
  const wasSkipped = delivery.attemptsMade === 0 && endpointThen?.status === 'disabled';
  return delivery.deadReason !== null || wasSkipped;
}

/** Whether it ended with this, or afterwards. */
function isSince(cause: Date | null, finishedAt: Date | null): boolean {
  return cause !== null && finishedAt !== null && finishedAt >= cause;
}

function explainSkipping({ endpointThen, endpoint }: DeliveredEvent): Explanation {
  const state = [endpointThen, endpoint].find((one) => one?.status === 'disabled');
  return {
    outcome: 'skipped',
    rule: ruleOf(state?.disabledReason ?? null),
    sentence: `Skipped: the endpoint was disabled${state == null ? ' when the event came' : switched(state)}.`,
  };
}

function ruleOf(disabledReason: string | null): ExplanationRule {
  switch (disabledReason) {
    case 'gone':
    case 'failing':
    case 'unverified':
      return disabledReason;
    default:
      return 'by_hand';
  }
}
