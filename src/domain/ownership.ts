/** The event that asks an endpoint for its challenge; nobody can publish it or subscribe to it. */
export const VERIFICATION_EVENT = 'endpoint.verification';

/** Why an endpoint is disabled that has not yet answered its challenge. */
export const UNVERIFIED = 'unverified';

/** An answer to a challenge counts for so long: enough for Temporal to come back, too short to be waited for. */
export const CHALLENGE_LIFETIME_MS = 600_000;

/** How long after a check another may be asked for, so that nobody makes us pester a stranger. */
export const ASK_AGAIN_AFTER_MS = 10_000;

/**
 * What an answer's body claims the challenge to be: its member `challenge` where it is such an object, else the whole
 * text.
 */
export function challengeIn(bodyText: string): string {
  try {
    const value: unknown = JSON.parse(bodyText);
    const isObject = typeof value === 'object' && value !== null && 'challenge' in value;
    return isObject && typeof value.challenge === 'string' ? value.challenge : bodyText;
  } catch {
    return bodyText;
  }
}
