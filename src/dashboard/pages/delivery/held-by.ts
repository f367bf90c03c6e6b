/** What holds a delivery back, as a clause behind `because`, by the API's word for it. */
export const HELD_BY: Readonly<Record<string, string>> = {
  disabled: 'its endpoint is disabled; enable it to let it go',
  paused: 'its endpoint is paused; resume it to let it go',
  breaker: 'the breaker of its endpoint is open after failures',
  order: 'the one before it has not ended, and this endpoint takes them in order',
  retry: 'its next attempt is not due yet',
  batch: 'its batch is being filled',
  rate: 'the endpoint’s rate limit lets it go in its turn',
  concurrency: 'as many requests as the endpoint takes are under way',
  backlog: 'what has piled up is let go step by step',
};
