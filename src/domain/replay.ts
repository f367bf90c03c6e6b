import type { DeliveryStatus } from './delivery.ts';

/** What a replay delivers: what ended undelivered, what an endpoint missed while it was disabled, or any selection. */
export const REPLAY_KINDS = ['dead_letters', 'missed', 'deliveries'] as const;
export type ReplayKind = (typeof REPLAY_KINDS)[number];

/** `running` until every delivery of it has ended, or somebody cancels it. */
export const REPLAY_STATUSES = ['running', 'completed', 'cancelled'] as const;
export type ReplayStatus = (typeof REPLAY_STATUSES)[number];

/** The states that a replay of any selection may choose. */
export const SELECTABLE_STATUSES = [
  'delivered',
  'dead',
  'skipped',
] as const satisfies readonly DeliveryStatus[];

/** The states in which a replay finds what it selects. */
export function selectedStatuses(
  kind: ReplayKind,
  chosen: readonly DeliveryStatus[] = SELECTABLE_STATUSES,
): readonly DeliveryStatus[] {
  if (kind === 'deliveries') return chosen;
  return kind === 'missed' ? ['skipped'] : ['dead'];
}

/** What a run of `replay` needs to begin and to be found in the Temporal UI. */
export interface ReplayStart {
  readonly replayId: string;
  readonly kind: ReplayKind;
  readonly total: number;
  /** Whose deliveries they are; null where they may be anybody's. */
  readonly customerId: string | null;
  /** Null where they may go to several endpoints. */
  readonly endpointId: string | null;
}

/** How far a replay has come, in deliveries. */
export interface ReplayCounts {
  /** Selected as far as it has counted, or given back by a cancelled replay since and released. */
  readonly total: number;
  /** Given back to be delivered, and not taken back since. */
  readonly released: number;
  readonly delivered: number;
  /** Ended undelivered this time, those included that stay delivered as they were before. */
  readonly dead: number;
  readonly cancelled: number;
  /** Gone, or no longer what it selects, when their turn came. */
  readonly passedOver: number;
  /** Not ended, or not released yet. */
  readonly remaining: number;
}

/** What Postgres counts of a replay; `open` are those released that have not ended. */
export interface CountedReplay {
  readonly status: ReplayStatus;
  readonly total: number;
  readonly released: number;
  readonly passedOver: number;
  readonly delivered: number;
  readonly cancelled: number;
  readonly open: number;
}

/** The counts that people see. What ended otherwise is dead, whatever became of it later. */
export function replayCounts(counted: CountedReplay): ReplayCounts {
  const { status, total, released, passedOver, delivered, cancelled, open } = counted;
  const unreleased = status === 'running' ? Math.max(0, total - released - passedOver) : 0;
  return {
    total,
    released,
    delivered,
    dead: Math.max(0, released - delivered - cancelled - open),
    cancelled,
    passedOver,
    remaining: unreleased + open,
  };
}

/** An endpoint of which a replay has something left. */
export interface ReplayShare {
  readonly endpointId: string;
  readonly gateIsOpen: boolean;
  readonly customerId: string | null;
  /** Deliveries of replays that are queued or being sent for it. */
  readonly underWay: number;
  /** Those of all endpoints of its customer that stand in each other's way. */
  readonly underWayOfCustomer: number;
}

/**
 * So few deliveries of one customer's replays together are queued or being sent at open gates: they take their share of
 * the customer's turns, and still a fast receiver gets more than a thousand a second.
 */
export const REPLAY_WINDOW = 100;
/** Those of one endpoint, so that one which hangs leaves most of the window to others. */
export const REPLAY_WINDOW_OF_ENDPOINT = 40;
/** What a shut gate holds are only rows; so many at a time, so that locks are short. */
const HELD_AT_ONCE = 500;
const MOST_RELEASED_AT_ONCE = 1_000;

/** How many deliveries of each endpoint may be released now. */
export function planRelease<T extends ReplayShare>(
  shares: readonly T[],
): readonly { readonly share: T; readonly most: number }[] {
  const windows = new Map<string | null, number>();
  let left = MOST_RELEASED_AT_ONCE;
  const plan: { readonly share: T; readonly most: number }[] = [];
  for (const share of shares) {
    const window = windows.get(share.customerId) ?? Math.max(0, REPLAY_WINDOW - share.underWayOfCustomer);
    const room = share.gateIsOpen
      ? Math.min(window, REPLAY_WINDOW_OF_ENDPOINT - share.underWay)
      : HELD_AT_ONCE;
    const most = Math.min(room, left);
    if (most <= 0) continue;
    plan.push({ share, most });
    left -= most;
    if (share.gateIsOpen) windows.set(share.customerId, window - most);
  }
  return plan;
}
