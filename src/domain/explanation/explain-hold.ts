import type { DeliveryNow, EndpointNow, EventAtEndpoint, Explanation, SwitchedState } from './explained.ts';

/** Says what holds a delivery back now, and behind what it waits. */
export function explainHold({
  delivery,
  endpoint,
}: Pick<EventAtEndpoint, 'endpoint'> & { readonly delivery: DeliveryNow }): Explanation {
  const rule = delivery.heldBy ?? 'backlog';
  return { outcome: 'waiting', rule, sentence: `Held: ${sentenceOf(delivery, endpoint)}.` };
}

function sentenceOf({ heldBy, behind, dueAt }: DeliveryNow, endpoint: EndpointNow): string {
  switch (heldBy) {
    case 'disabled':
      return `the endpoint is disabled${switched(endpoint)}`;
    case 'paused':
      return `the endpoint is paused${switched(endpoint)}`;
    case 'breaker':
      return (
        `the circuit breaker of the endpoint is open; ${probe(endpoint)}, and what is ` +
        `held goes once that succeeds`
      );
    case 'order':
      return `the endpoint keeps the order, and ${behind ?? 'another delivery'} comes first`;
    case 'retry':
      return `its next attempt is due at ${dueAt?.toISOString() ?? 'a later time'}`;
    case 'batch':
      return 'it waits for others to go with it in one call';
    case 'rate':
      return 'it waits for its turn under the rate limit of the endpoint';
    case 'concurrency':
      return 'the endpoint has as many requests under way as it may';
    default:
      return 'what piled up at the endpoint goes step by step';
  }
}

function probe({ probeAt }: EndpointNow): string {
  return probeAt === null ? 'one attempt is made now' : `one attempt is made at ${probeAt.toISOString()}`;
}

const DISABLED: Readonly<Record<string, string>> = {
  gone: ', because it answered 410 Gone',
  failing: ', because it had failed for five days without a break',
  unverified: ', because it had not shown that it answers for its URL',
};

/** Since when an endpoint is in its state, why, by whom, and in whose words. */
export function switched({ disabledReason, since, by, reason }: SwitchedState): string {
  const why = DISABLED[disabledReason ?? ''] ?? '';
  const who = by === null ? '' : `, by ${by}`;
  const words = reason === null ? '' : `: “${reason}”`;
  return ` since ${since.toISOString()}${why}${who}${words}`;
}
