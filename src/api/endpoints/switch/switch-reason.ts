import { z } from 'zod';
import { ENDPOINT_LIMITS } from '../../../domain/endpoint.ts';
import { invalidInput } from '../../platform/answers/problem.ts';
import { toInputProblems } from '../../platform/input/input-problems.ts';

const switchBody = z.strictObject({
  reason: z.string().max(ENDPOINT_LIMITS.descriptionLength.max).nullish().meta({
    description: 'Why, for everybody who sees the endpoint.',
  }),
});

/** How the body of `pause` and `disable` is documented; it may be left out. */
export const SWITCH_BODY_SCHEMA = z.toJSONSchema(switchBody, { io: 'input' });

/** The reason that a body gives, if there is one. @throws Problem 422 */
export function readReason(body: unknown): string | null {
  const parsed = switchBody.nullish().safeParse(body);
  if (!parsed.success) throw invalidInput(toInputProblems(parsed.error.issues, body));
  return parsed.data?.reason ?? null;
}
