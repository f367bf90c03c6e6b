import type { Session } from '../session.ts';

/** What one look at an installation found; a failure comes with what to do about it. */
export interface Finding {
  readonly check: string;
  readonly outcome: 'ok' | 'failed' | 'passed over';
  readonly detail: string;
  readonly remedy: string | null;
}

/** Looks at one thing. */
export type Check = (session: Session) => Promise<readonly Finding[]>;

/** All is well. */
export function ok(check: string, detail: string): Finding {
  return { check, outcome: 'ok', detail, remedy: null };
}

/** Something is wrong, and this mends it. */
export function failed(check: string, detail: string, remedy: string): Finding {
  return { check, outcome: 'failed', detail, remedy };
}

/** Could not be looked at, which is no fault. */
export function passedOver(check: string, detail: string): Finding {
  return { check, outcome: 'passed over', detail, remedy: null };
}
