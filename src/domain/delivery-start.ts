/**
 * What a run of `deliver` needs to begin and to be found in the Temporal UI: ids and labels, never payloads or secrets.
 */
export interface DeliveryStart {
  readonly deliveryId: string;
  readonly eventId: string;
  readonly event: string;
  readonly endpointId: string;
  readonly customerId: string | null;
  /** Host of the endpoint's URL; its path may carry secrets and is left out. */
  readonly host: string;
  readonly attemptsMade: number;
  /** Milliseconds until the next attempt is due; 0 for at once. */
  readonly dueInMs: number;
  /** Set where a person asked for an attempt: the mark in Postgres that its claim needs. */
  readonly mark: string | null;
}
