import type { DeliveryStart } from '../../domain/delivery-start.ts';
import type { ReplayStatus } from '../../domain/replay.ts';

/** What was released, and has to be got going. */
export interface Released {
  readonly count: number;
  /** Of those, what is to be sent now. */
  readonly starts: readonly DeliveryStart[];
  /** Whether a wave takes them, so that nothing needs to be started. */
  readonly waveRolls: boolean;
  /** Gates that hold some of them and that nobody drains. */
  readonly gatesToWake: readonly string[];
}

/** What one step of a replay did, or found. */
export type ReplayStep =
  | { readonly kind: 'released'; readonly released: Released }
  /** More is to be counted or looked at; nothing was found yet that may be released at this moment. */
  | { readonly kind: 'counting' }
  /** More is left; nothing may be released at this moment. */
  | { readonly kind: 'full' }
  /** Of a cancelled one some were taken back; more may be left. */
  | { readonly kind: 'returned' }
  /** All is released, but not all has ended. */
  | { readonly kind: 'waiting' }
  /** Nothing is left to do; null where there is no such replay. */
  | { readonly kind: 'over'; readonly status: ReplayStatus | null };
