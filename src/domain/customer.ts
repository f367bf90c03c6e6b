/** What one customer may have, where that differs from what the installation allows; null where it does not. */
export interface CustomerLimits {
  readonly maxEndpoints: number | null;
  /** API keys that are neither revoked nor expired. */
  readonly maxKeys: number | null;
  /** Of all its keys together; 0 is without limit. */
  readonly requestsPerMinute: number | null;
}

/** What people say of a customer. */
export interface CustomerFacts {
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly limits: CustomerLimits;
}

/** Whose endpoints, events and keys they are. */
export interface Customer extends CustomerFacts {
  readonly id: string;
  /** Since when everything of theirs is being erased; null of all others. */
  readonly erasingSince: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Nothing that differs from the installation. */
export const NO_LIMITS: CustomerLimits = { maxEndpoints: null, maxKeys: null, requestsPerMinute: null };
