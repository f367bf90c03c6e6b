/**
 * How an endpoint takes requests: all accepted, never answered, always 503, or 503 for this share of the deliveries'
 * first attempts and no answer for another share (both evenly spread) with everything else accepted, or 503 up to an
 * attempt.
 */
export type Behaviour =
  | Verdict
  | { readonly refuseFirst: number; readonly hangFirst?: number }
  | { readonly refuseUpTo: number };

/** What becomes of one request. */
export type Verdict = 'answer' | 'hang' | 'refuse';

/** Makes a function that decides request by request, given the number of the attempt. */
export function createRefusals(behaviour: Behaviour): (attempt: number) => Verdict {
  if (typeof behaviour === 'string') return () => behaviour;
  if ('refuseUpTo' in behaviour) return (attempt) => (attempt > behaviour.refuseUpTo ? 'answer' : 'refuse');
  const { refuseFirst, hangFirst = 0 } = behaviour;
  const [refuses, hangs] = [evenly(refuseFirst), evenly(hangFirst)];
  return (attempt) => {
    if (attempt > 1) return 'answer';
    if (hangs()) return 'hang';
    return refuses() ? 'refuse' : 'answer';
  };
}

/** Says yes to this share of the questions. */
function evenly(share: number): () => boolean {
  let owed = 0;
  return () => {
    owed += share;
    // Sums of fractions miss whole numbers by a hair.
    if (owed < 1 - 1e-9) return false;
    owed -= 1;
    return true;
  };
}
