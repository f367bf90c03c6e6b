import type { DeadReason } from '../src/domain/delivery.ts';
import type { TurnWait } from '../src/domain/manual-turn.ts';

/** What an attempt, or the lack of one, means for the run that asked for it. */
export type AttemptResult =
  | { readonly kind: 'delivered'; readonly attempt: number; readonly summary: string }
  | {
      readonly kind: 'dead';
      readonly attempt: number;
      readonly summary: string;
      readonly reason: DeadReason | null;
    }
  | { readonly kind: 'cancelled'; readonly attempt: number }
  /** Handed to a gate, skipped, or not due for long: nothing for a run to do. */
  | { readonly kind: 'parked'; readonly attempt: number; readonly status: 'held' | 'skipped' | 'scheduled' }
  /** To be looked at again after `waitMs`; `summary` says why. */
  | { readonly kind: 'wait'; readonly attempt: number; readonly summary: string; readonly waitMs: number }
  /** A manual attempt that has to wait for its turn; its mark goes on to entitle to it. */
  | (TurnWait & { readonly kind: 'turn' })
  /** No such delivery; retention removed it. */
  | { readonly kind: 'missing' };
