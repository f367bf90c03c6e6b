import { explainAbsence } from './explain-absence.ts';
import { explainDelivery } from './explain-delivery.ts';
import type { EventAtEndpoint, ExplainedEvent, Explanation } from './explained.ts';

/**
 * Explains what became of an event at one endpoint: by its delivery where there is one, else by what the endpoint was
 * then.
 */
export function explain(
  event: ExplainedEvent,
  { endpoint, endpointThen, delivery }: EventAtEndpoint,
): Explanation {
  return delivery === null
    ? explainAbsence(event, { endpoint, endpointThen })
    : explainDelivery(event, { endpoint, endpointThen, delivery });
}
