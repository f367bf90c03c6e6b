import { DomainError } from '../src/domain/errors.ts';
import type { DeliveryActions } from '../src/storage/open/delivery-actions.ts';

export interface MarkRetryInput {
  readonly deliveryId: string;
  readonly mark: string;
}

/** The mark a manual attempt needs, or why there can be none. */
export type MarkRetryResult = { readonly mark: string } | { readonly mark: null; readonly refusal: string };

/**
 * Marks a delivery for a manual attempt where the wish came as a plain signal and not through the API. Safe to repeat.
 */
export function createMarkRetry(
  actions: DeliveryActions,
): (input: MarkRetryInput) => Promise<MarkRetryResult> {
  return async function markRetry({ deliveryId, mark }) {
    try {
      return { mark: (await actions.markRetry(deliveryId, mark)).mark };
    } catch (error) {
      if (error instanceof DomainError) return { mark: null, refusal: error.message };
      throw error;
    }
  };
}
