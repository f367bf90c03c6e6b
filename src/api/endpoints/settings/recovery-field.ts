import { z } from 'zod';

/** Whether an outage ends with a replay. */
export const replayOnRecoveryField = z.boolean().meta({
  description:
    'Whether deliveries that died since its breaker opened are sent once ' +
    'more, by a replay, when the endpoint is well again.',
});
