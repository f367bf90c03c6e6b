import type { SearchToken } from '../../domain/searchable.ts';

/** An event as its producer hands it in, checked already. */
export interface NewEvent {
  readonly event: string;
  /** Null goes to every customer's subscribed endpoints. */
  readonly customerId: string | null;
  /** The compact JSON text that every attempt will carry. */
  readonly dataText: string;
  /** Whether only endpoints that name the type in full get it. */
  readonly optIn: boolean;
  readonly deliverAt: Date | null;
  /** The producer's own id; no other event of the customer has it. */
  readonly uid?: string | null;
  /** When it happened; when it is accepted, where nobody says. */
  readonly occurredAt?: Date | null;
  /** The producer's own texts by name. */
  readonly metadata?: Readonly<Record<string, string>> | null;
  /** What it is found by, see `SearchKeys`; by nothing where absent. */
  readonly searchKeys?: readonly Buffer[];
  /** What filters of endpoints look at; nothing where absent. */
  readonly searchTokens?: readonly SearchToken[];
  /** The trace that it was published in, as the header `traceparent` has it. */
  readonly traceParent?: string | null;
  readonly idempotency: { readonly scope: string; readonly key: string; readonly requestHash: Buffer } | null;
  /** Sends to this one endpoint only, whatever its filter and gate say. */
  readonly test?: { readonly endpointId: string };
}

/** How long what its producer said is when it is written, roughly. */
export function charactersOf({ dataText, metadata }: NewEvent): number {
  let characters = dataText.length;
  for (const [name, value] of Object.entries(metadata ?? {})) characters += name.length + value.length;
  return characters;
}

/** An event with the id it will have if its idempotency key is new. */
export interface DraftEvent extends NewEvent {
  readonly id: string;
}

/** What was so when deliveries became due. */
export interface Circumstances {
  /** Whether a wave takes them, so that nothing needs to be started. */
  readonly waveRolls: boolean;
}
