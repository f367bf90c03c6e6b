/** One event from the publisher's side and the receiver's; times in milliseconds of `performance.now()`. */
export interface LedgerEntry {
  readonly jobId: string;
  /** Number of the endpoint it is for. */
  readonly endpoint: number;
  readonly begunAt: number;
  /** When the answer to the publish was complete; null while there is none. */
  answeredAt: number | null;
  /** Whether that answer was a promise to deliver. */
  acknowledged: boolean;
  readonly arrivals: Arrival[];
}

/** One request of the event's delivery, as its receiver saw it. */
export interface Arrival {
  readonly deliveryId: string;
  readonly attempt: number;
  /** When its body was complete. */
  readonly at: number;
  /** Whether it was answered with success; requests that were refused or left hanging do not count as received. */
  readonly accepted: boolean;
}

/** What was promised against what came. */
export interface LedgerCounts {
  readonly sent: number;
  readonly acknowledged: number;
  /** Events that were accepted at least once. */
  readonly received: number;
  /** Acknowledged, but never received. */
  readonly lost: number;
  /** Accepted requests beyond the first of an event. */
  readonly duplicates: number;
}

/** Compares what a publisher was promised with what a receiver got, by the `job_id` that each event carries. */
export class Ledger {
  readonly #entries = new Map<string, LedgerEntry>();
  #received = 0;

  get entries(): readonly LedgerEntry[] {
    return [...this.#entries.values()];
  }

  /** Events accepted at least once; cheap, unlike `counts`. */
  get received(): number {
    return this.#received;
  }

  /** Opens an entry; job ids must not come again. */
  begin(jobId: string, endpoint = 0): LedgerEntry {
    const entry: LedgerEntry = {
      jobId,
      endpoint,
      begunAt: performance.now(),
      answeredAt: null,
      acknowledged: false,
      arrivals: [],
    };
    this.#entries.set(jobId, entry);
    return entry;
  }

  /** Notes a request; those of events that were never begun here are no business of this ledger's. */
  receive(jobId: string, arrival: Arrival): void {
    const entry = this.#entries.get(jobId);
    if (entry === undefined) return;
    if (arrival.accepted && firstReceipt(entry) === undefined) this.#received += 1;
    entry.arrivals.push(arrival);
  }

  counts(): LedgerCounts {
    const { entries } = this;
    const acknowledged = entries.filter((entry) => entry.acknowledged);
    const accepted = entries.map(({ arrivals }) => arrivals.filter((arrival) => arrival.accepted).length);
    return {
      sent: entries.length,
      acknowledged: acknowledged.length,
      received: this.#received,
      lost: acknowledged.filter((entry) => firstReceipt(entry) === undefined).length,
      duplicates: accepted.reduce((sum, times) => sum + Math.max(0, times - 1), 0),
    };
  }
}

/** The request of an event that was accepted first; undefined where none was. */
export function firstReceipt({ arrivals }: LedgerEntry): Arrival | undefined {
  return arrivals.find((arrival) => arrival.accepted);
}

/** All requests for the events of a ledger, refused ones too. */
export function requestsIn({ entries }: Ledger): number {
  return entries.reduce((sum, { arrivals }) => sum + arrivals.length, 0);
}

/** Milliseconds from the publish begun to the first receipt; none where there was no receipt. */
export function receiptMs(entry: LedgerEntry): number[] {
  const receipt = firstReceipt(entry);
  return receipt === undefined ? [] : [receipt.at - entry.begunAt];
}

/** Milliseconds from the publish begun to its answer; none where there was no answer. */
export function answerMs({ begunAt, answeredAt }: LedgerEntry): number[] {
  return answeredAt === null ? [] : [answeredAt - begunAt];
}
