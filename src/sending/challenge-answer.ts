import { createHash, timingSafeEqual } from 'node:crypto';
import type { AttemptOutcome } from '../domain/attempt.ts';
import type { ErrorCode } from '../domain/error-code.ts';
import { challengeIn, VERIFICATION_EVENT } from '../domain/ownership.ts';
import type { Claim } from '../storage/claims/claim.ts';
import type { EndpointSwitch } from '../storage/gates/endpoint-switch.ts';

/**
 * Judges the answer to a challenge, and enables the endpoint where it is right: before it is recorded, so that whoever
 * sees the attempt sees what came of it. Every other outcome stays as it is.
 */
export async function judgeChallengeAnswer(
  lead: Claim,
  {
    outcome,
    endpointSwitch,
  }: { readonly outcome: AttemptOutcome; readonly endpointSwitch: Pick<EndpointSwitch, 'verify'> },
): Promise<AttemptOutcome> {
  if (lead.event !== VERIFICATION_EVENT || outcome.errorCode !== null) return outcome;
  const { challenge }: { readonly challenge: string } = JSON.parse(lead.dataText);
  if (!isEchoed(challenge, outcome))
    return failed(outcome, 'challenge_not_echoed', 'The answer does not carry the challenge');
  const challengeHash = createHash('sha256').update(challenge).digest();
  if (await endpointSwitch.verify(lead.endpointId, { challengeHash, url: lead.url })) return outcome;
  return failed(outcome, 'challenge_expired', 'The challenge was no longer the one that is waited for');
}

function isEchoed(challenge: string, { response }: AttemptOutcome): boolean {
  if (response === null || response.truncated) return false;
  const wanted = Buffer.from(challenge);
  const given = Buffer.from(challengeIn(Buffer.from(response.body).toString()));
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function failed(outcome: AttemptOutcome, errorCode: ErrorCode, errorDetail: string): AttemptOutcome {
  return { ...outcome, errorCode, errorDetail };
}
