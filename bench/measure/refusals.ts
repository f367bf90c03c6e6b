/**
 * How an endpoint takes requests: all accepted, never answered, always 503, or 503 for this share of the deliveries'
 * first attempts (evenly spread) with everything else accepted, or 503 up to an attempt.
 */
export type Behaviour =
  | 'answer'
  | 'hang'
  | 'refuse'
  | { readonly refuseFirst: number }
  | { readonly refuseUpTo: number };

/** Makes a function that decides request by request, given the number of the attempt. */
export function createRefusals(behaviour: Behaviour): (attempt: number) => 'answer' | 'refuse' | 'hang' {
  if (typeof behaviour === 'string') return () => behaviour;
  if ('refuseUpTo' in behaviour) return (attempt) => (attempt > behaviour.refuseUpTo ? 'answer' : 'refuse');
  let owed = 0;
  return (attempt) => {
    if (attempt > 1) return 'answer';
    owed += behaviour.refuseFirst;
    // Sums of fractions miss whole numbers by a hair.
    if (owed < 1 - 1e-9) return 'answer';
    owed -= 1;
    return 'refuse';
  };
}
