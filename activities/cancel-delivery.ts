import { DomainError } from '../src/domain/errors.ts';
import type { DeliveryActions } from '../src/storage/open/delivery-actions.ts';

export interface CancelDeliveryInput {
  readonly deliveryId: string;
  /** Whether the run is to be asked to close as Cancelled too; false where that request is what brought us here. */
  readonly closeRun: boolean;
}

/**
 * Writes a cancellation to Postgres, then asks the server to cancel the run. Safe to repeat; false where it had ended
 * otherwise.
 */
export function createCancelDelivery(
  actions: DeliveryActions,
  cancelRun: (deliveryId: string) => Promise<void>,
): (input: CancelDeliveryInput) => Promise<boolean> {
  return async function cancelDelivery({ deliveryId, closeRun }) {
    try {
      await actions.cancel(deliveryId);
    } catch (error) {
      if (error instanceof DomainError) return false;
      throw error;
    }
    if (closeRun) await cancelRun(deliveryId);
    return true;
  };
}
