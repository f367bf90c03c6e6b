import { DomainError } from '../src/domain/errors.ts';
import type { ReplayStore } from '../src/storage/replays/replay-store.ts';

export interface CancelReplayInput {
  readonly replayId: string;
  /** Whether the run is to be asked to close as Cancelled too; false where that request is what brought us here. */
  readonly closeRun: boolean;
}

/**
 * Writes a cancellation to Postgres, then asks the server to cancel the run. Safe to repeat; false where it was
 * completed.
 */
export function createCancelReplay(
  replays: Pick<ReplayStore, 'cancel'>,
  cancelRun: (workflowId: string) => Promise<void>,
): (input: CancelReplayInput) => Promise<boolean> {
  return async function cancelReplay({ replayId, closeRun }) {
    try {
      await replays.cancel(replayId);
    } catch (error) {
      if (error instanceof DomainError) return false;
      throw error;
    }
    if (closeRun) await cancelRun(replayId);
    return true;
  };
}
