/** One event from the publisher's side and the receiver's; times in milliseconds of `performance.now()`. */
export interface LedgerEntry {
  readonly jobId: string;
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
}

/** What was promised against what came. */
export interface LedgerCounts {
  readonly sent: number;
  readonly acknowledged: number;
  /** Events that came at least once. */
  readonly received: number;
  /** Acknowledged, but never received. */
  readonly lost: number;
  /** Requests beyond the first of an event. */
  readonly duplicates: number;
}

/** Compares what a publisher was promised with what a receiver got, by the `job_id` that each event carries. */
export class Ledger {
  readonly #entries = new Map<string, LedgerEntry>();

  get entries(): readonly LedgerEntry[] {
    return [...this.#entries.values()];
  }

  begin(jobId: string, begunAt: number): LedgerEntry {
    const entry = { jobId, begunAt, answeredAt: null, acknowledged: false, arrivals: [] };
    this.#entries.set(jobId, entry);
    return entry;
  }

  /** Notes a request; those of events that were never begun here are no business of this ledger's. */
  receive(jobId: string, arrival: Arrival): void {
    this.#entries.get(jobId)?.arrivals.push(arrival);
  }

  counts(): LedgerCounts {
    const { entries } = this;
    const acknowledged = entries.filter((entry) => entry.acknowledged);
    const received = entries.filter((entry) => entry.arrivals.length > 0);
    return {
      sent: entries.length,
      acknowledged: acknowledged.length,
      received: received.length,
      lost: acknowledged.filter((entry) => entry.arrivals.length === 0).length,
      duplicates: received.reduce((sum, entry) => sum + entry.arrivals.length - 1, 0),
    };
  }
}
