import type { DeliveryStatus } from './delivery.ts';

/**
 * What becomes of a delivery: its next state; `same`; `refused`, and so the same, where whoever asks is told; `removed`
 * with its attempts; `never` where it cannot happen, as nothing was ever sent.
 */
export type Outcome = DeliveryStatus | 'same' | 'refused' | 'removed' | 'never';

type Row = Readonly<Record<DeliveryStatus, Outcome>>;

const SAME: Row = {
  scheduled: 'same',
  queued: 'same',
  sending: 'same',
  retrying: 'same',
  held: 'same',
  delivered: 'same',
  dead: 'same',
  cancelled: 'same',
  skipped: 'same',
};

/** Nothing is sent of these before they are claimed, so there is no result to record. */
const UNSENT = { scheduled: 'never', queued: 'never', skipped: 'never' } as const;

/**
 * The states of deliveries by the events that change them: what is due, of an enabled endpoint whose gate is open, but
 * for `held`, which stands at a gate that its endpoint's rules keep shut. The tests of storage hold every cell.
 */
export const DELIVERY_TRANSITIONS = {
  /** A run of the delivery's own claims it. */
  claimed_by_run: { ...SAME, queued: 'sending', retrying: 'sending' },
  /** A wave claims what waits for waves. */
  claimed_by_wave: { ...SAME, queued: 'sending', retrying: 'sending' },
  /** A gate's drain lets go what its gate holds. */
  claimed_by_gate: { ...SAME, held: 'sending' },
  /** A claim that was not sent in time is given back: it is what it was, and has its number again. */
  given_back: { ...SAME, ...UNSENT, sending: 'queued' },
  /** A 2xx, however late, even after it was cancelled or died. */
  succeeded: {
    ...SAME,
    ...UNSENT,
    sending: 'delivered',
    retrying: 'delivered',
    held: 'delivered',
    dead: 'delivered',
    cancelled: 'delivered',
  },
  /** A failure after which another attempt is planned; a late one changes nothing. */
  failed: { ...SAME, ...UNSENT, sending: 'retrying' },
  /** A failure after which none is; a late one changes nothing. */
  died: { ...SAME, ...UNSENT, sending: 'dead' },
  /** The lease of its claim ended: nobody knows the outcome, and it is due again. */
  lease_ended: { ...SAME, sending: 'retrying' },
  /** The endpoint is paused, or its breaker opens. */
  gate_shut: { ...SAME, queued: 'held', retrying: 'held' },
  /** Nothing keeps the gate shut any more; what was never attempted is `queued` again. */
  gate_opened: { ...SAME, held: 'retrying' },
  /** A person asks for a manual attempt: it is marked. */
  retry_asked: { ...SAME, scheduled: 'refused', sending: 'refused', cancelled: 'refused' },
  /** A run claims what is marked, whatever the gate says. */
  claimed_by_hand: {
    scheduled: 'refused',
    queued: 'sending',
    sending: 'refused',
    retrying: 'sending',
    held: 'sending',
    delivered: 'sending',
    dead: 'sending',
    cancelled: 'refused',
    skipped: 'sending',
  },
  /** A manual attempt fails: it is what it was before. */
  failed_by_hand: { ...SAME, scheduled: 'refused', sending: 'refused', cancelled: 'refused' },
  /** A person or a run cancels it. */
  cancelled: {
    scheduled: 'cancelled',
    queued: 'cancelled',
    sending: 'cancelled',
    retrying: 'cancelled',
    held: 'cancelled',
    delivered: 'refused',
    dead: 'refused',
    cancelled: 'same',
    skipped: 'refused',
  },
  /** A person takes dead letters off the list. */
  discarded: { ...SAME, dead: 'cancelled' },
  /** Its endpoint is deleted. */
  endpoint_deleted: {
    ...SAME,
    scheduled: 'cancelled',
    queued: 'cancelled',
    sending: 'cancelled',
    retrying: 'cancelled',
    held: 'cancelled',
  },
  /** A replay of dead letters, and one of what was missed, release what they select. */
  replayed: { ...SAME, dead: 'queued', skipped: 'queued' },
  /** The replays are cancelled before anybody attempted what they released. */
  replay_cancelled: SAME,
  /** The time of a scheduled event comes. */
  came_due: { ...SAME, scheduled: 'queued' },
  /** Retention comes to what ended long ago, and to what a disabled endpoint's gate has held for as long. */
  outlived: {
    ...SAME,
    held: 'dead',
    delivered: 'removed',
    dead: 'removed',
    cancelled: 'removed',
    skipped: 'removed',
  },
} as const satisfies Readonly<Record<string, Row>>;

/** What happens to deliveries. */
export type DeliveryEvent = keyof typeof DELIVERY_TRANSITIONS;
