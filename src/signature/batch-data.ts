/** One delivery in the body of a batch; `dataText` is the stored compact JSON text and goes in verbatim. */
export interface BatchEntry {
  readonly event: string;
  /** When the event was accepted. */
  readonly createdAt: Date;
  readonly deliveryId: string;
  readonly dataText: string;
}

/** The `data` of a batch's body: how many, and each of them in order (wire format). */
export function batchDataText(entries: readonly BatchEntry[]): string {
  return `{"count":${entries.length},"events":[${entries.map(entryText).join(',')}]}`;
}

function entryText({ event, createdAt, deliveryId, dataText }: BatchEntry): string {
  const time = createdAt.toISOString();
  return `{"event":"${event}","created_at":"${time}","delivery_id":"${deliveryId}","data":${dataText}}`;
}

const EMPTY: BatchEntry = { event: '', createdAt: new Date(0), deliveryId: '', dataText: '' };

/** Bytes of an entry beyond those of its event type, delivery id and data. */
export const BATCH_ENTRY_BYTES = entryText(EMPTY).length;
