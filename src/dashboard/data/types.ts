import type { components } from '../../../clients/typescript/schema.ts';

type Schemas = components['schemas'];

/** What the API answers, by the names of its document. */
export type Attempt = Schemas['Attempt'];
export type Delivery = Schemas['Delivery'];
export type DeliveryDetail = Schemas['DeliveryWithAttempts'];
export type DeliveryStatus = Schemas['DeliveryStatus'];
export type DeadLetter = Schemas['DeadLetter'];
export type Endpoint = Schemas['EndpointWithHealth'];
export type EventItem = Schemas['Event'];
export type EventType = Schemas['EventType'];
export type ExplainedEndpoint = Schemas['ExplainedEndpoint'];
/** What happened to a delivery: an attempt, or an end without one. */
export type Outcome = Schemas['DeliveryOutcome'];
export type Replay = Schemas['Replay'];
export type Stats = Schemas['Stats'];
export type Scope = Schemas['KeyScope'];
export type SessionCaller = Schemas['SessionCaller'];

/** One page of a list. */
export interface PageOf<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}
