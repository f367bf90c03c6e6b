import { explainAbsence } from './explain-absence.ts';
import { explainDelivery, waiting } from './explain-delivery.ts';
import type { EventAtEndpoint, ExplainedEvent, Explanation } from './explained.ts';

/**
 * Explains what became of an event at one endpoint: by its delivery where there is one, else by what the endpoint was
 * then.
 */
export function explain(
  event: ExplainedEvent,
  { endpoint, endpointThen, delivery, isToBeMade }: EventAtEndpoint,
): Explanation {
  if (delivery !== null) return explainDelivery(event, { endpoint, endpointThen, delivery });
  return isToBeMade
    ? waiting(
        'queued',
        'Its delivery is being made: the event goes to more endpoints than are served at once.',
      )
    : explainAbsence(event, { endpoint, endpointThen });
}
