import { type BatchEntry, batchDataText } from './batch-data.ts';

/** The bodies that are no envelopes; they carry no signature and are the same in every attempt. */
export type PlainPayload = 'data' | 'standard' | 'cloudevents';

/** An event as such a body carries it; `dataText` is the stored compact JSON text and goes in verbatim. */
export interface PayloadEntry extends BatchEntry {
  readonly eventId: string;
  /** The customer of the event; null where it went to all. */
  readonly eventCustomerId: string | null;
  /** When it occurred, or was accepted where nobody said. */
  readonly occurredAt: Date;
}

/** The `Content-Type` of a body. */
export function contentTypeOf(
  payload: PlainPayload | 'envelope',
  { isBatch }: { readonly isBatch: boolean },
): string {
  if (payload !== 'cloudevents') return 'application/json; charset=utf-8';
  return isBatch ? 'application/cloudevents-batch+json' : 'application/cloudevents+json';
}

/** The body of a lone delivery. */
export function payloadText(payload: PlainPayload, entry: PayloadEntry): string {
  switch (payload) {
    case 'data':
      return entry.dataText;
    case 'standard':
      return standardText(entry.event, entry.occurredAt, entry.dataText);
    case 'cloudevents':
      return cloudEventText(entry);
  }
}

/** The body of a batch: an array of what its members would carry alone, or one object of the type `batch`. */
export function batchPayloadText(payload: PlainPayload, entries: readonly PayloadEntry[]): string {
  if (payload !== 'standard') return `[${entries.map((entry) => payloadText(payload, entry)).join(',')}]`;
  const latest = Math.max(...entries.map(({ occurredAt }) => occurredAt.getTime()));
  return standardText('batch', new Date(latest), batchDataText(entries));
}

/** What Standard Webhooks recommends as a payload. */
function standardText(type: string, at: Date, dataText: string): string {
  return `{"type":"${type}","timestamp":"${at.toISOString()}","data":${dataText}}`;
}

/** Structured CloudEvents 1.0: `source` and `id` together name the event, whichever endpoint gets it. */
function cloudEventText({ event, eventId, eventCustomerId, occurredAt, dataText }: PayloadEntry): string {
  const source = eventCustomerId === null ? '/' : `/customers/${encodeURIComponent(eventCustomerId)}`;
  const attributes = JSON.stringify({
    specversion: '1.0',
    id: eventId,
    source,
    type: event,
    time: occurredAt.toISOString(),
    datacontenttype: 'application/json',
  });
  return `${attributes.slice(0, -1)},"data":${dataText}}`;
}
