import { PAYLOADS, type Payload } from '../../domain/wire-choices.ts';
import { batchDataText } from '../../signature/batch-data.ts';
import { rebuildBody } from '../../signature/body-text.ts';
import { batchPayloadText, type PayloadEntry, payloadText } from '../../signature/payload-text.ts';
import type { RecordedAttempt } from '../../storage/history/attempt-store.ts';

/** The delivery that attempts belong to, with the event's data as sent (null where it is gone). */
export interface AttemptParent {
  readonly id: string;
  readonly event: string;
  readonly dataText: string | null;
  readonly eventId: string;
  /** Whose event it is; null where it went to all. */
  readonly eventCustomerId: string | null;
  /** In milliseconds since the epoch; null where the event is gone. */
  readonly occurredAt: number | null;
}

/**
 * The body of an attempt as it was sent, from what is stored of it; null where nothing was sent, or its event is gone.
 */
export function bodyOfAttempt(attempt: RecordedAttempt, parent: AttemptParent): string | null {
  const { signedAt, signature } = attempt;
  const entries = entriesOf(attempt, parent);
  if (entries === null || signedAt === null || signature === null) return null;
  const payload = PAYLOADS.find((name) => name === signature) ?? 'envelope';
  return payload === 'envelope'
    ? envelopeOf(attempt, entries, { timestamp: signedAt, signature })
    : plainBodyOf(attempt, entries, payload);
}

/** About how long the body is, without building it; 0 where there is none. */
export function roughLengthOfBody(attempt: RecordedAttempt, parent: AttemptParent): number {
  const entries = entriesOf(attempt, parent) ?? [];
  return entries.reduce((total, { dataText }) => total + dataText.length, 0);
}

function entriesOf({ batchId, batchEntries }: RecordedAttempt, parent: AttemptParent) {
  if (batchId !== null) return batchEntries;
  const { id: deliveryId, dataText, occurredAt, event, eventId, eventCustomerId } = parent;
  if (dataText === null || occurredAt === null) return null;
  const at = new Date(occurredAt);
  return [{ event, eventId, eventCustomerId, deliveryId, dataText, createdAt: at, occurredAt: at }];
}

function envelopeOf(
  { number, batchId, batchAttempt, deliveryId }: RecordedAttempt,
  entries: readonly PayloadEntry[],
  signed: { readonly timestamp: Date; readonly signature: string },
): string {
  const [first] = entries;
  const lone = { event: first?.event ?? '', deliveryId, attempt: number, dataText: first?.dataText ?? '{}' };
  const subject =
    batchId === null
      ? lone
      : { event: 'batch', deliveryId: batchId, attempt: batchAttempt ?? 1, dataText: batchDataText(entries) };
  return rebuildBody({ ...subject, ...signed });
}

function plainBodyOf(
  { batchId }: RecordedAttempt,
  entries: readonly PayloadEntry[],
  payload: Exclude<Payload, 'envelope'>,
): string | null {
  if (batchId !== null) return batchPayloadText(payload, entries);
  const [first] = entries;
  return first === undefined ? null : payloadText(payload, first);
}
