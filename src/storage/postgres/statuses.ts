import {
  type DeliveryStatus,
  ENDED_STATUSES,
  OPEN_STATUSES,
  PENDING_STATUSES,
  REPLAYABLE_STATUSES,
  STARTED_STATUSES,
  UNRETRYABLE_STATUSES,
  WAITING_STATUSES,
} from '../../domain/delivery.ts';
import { SELECTABLE_STATUSES } from '../../domain/replay.ts';

/** SQL: lists of states for `IN (…)`, as the domain defines them. */
export const ENDED = listOf(ENDED_STATUSES);
export const OPEN = listOf(OPEN_STATUSES);
export const STARTED = listOf(STARTED_STATUSES);
export const PENDING = listOf(PENDING_STATUSES);
export const WAITING = listOf(WAITING_STATUSES);
export const REPLAYABLE = listOf(REPLAYABLE_STATUSES);
export const SELECTABLE = listOf(SELECTABLE_STATUSES);
export const UNRETRYABLE = listOf(UNRETRYABLE_STATUSES);
/** What no claim takes, whoever asks. */
export const UNCLAIMABLE = listOf(['sending', 'cancelled']);
/** Members of a batch that is formed: together or not at all. */
export const IN_BATCH = listOf(['sending', 'held']);
/** With which nobody waits for a manual attempt any more. */
export const SETTLED = listOf(['delivered', 'cancelled']);
/** What a replay has put before the receiver and that has not been answered. */
export const UNANSWERED = listOf(['queued', 'sending']);

function listOf(statuses: readonly DeliveryStatus[]): string {
  return statuses.map((status) => `'${status}'`).join(', ');
}
