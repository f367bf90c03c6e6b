import { z } from 'zod';
import { ENDPOINT_LIMITS } from '../../../domain/endpoint.ts';
import { invalidInput, invalidMember } from '../../platform/answers/problem.ts';
import { instant } from '../../platform/input/fields.ts';
import { toInputProblems } from '../../platform/input/input-problems.ts';

const switchBody = z.strictObject({
  reason: z.string().max(ENDPOINT_LIMITS.descriptionLength.max).nullish().meta({
    description: 'Why, for everybody who sees the endpoint.',
  }),
});

const pauseBody = switchBody.extend({
  until: instant.nullish().meta({
    type: ['string', 'null'],
    format: 'date-time',
    description: 'When the pause ends by itself, within seconds; where absent somebody has to resume.',
  }),
});

/** How the body of `pause` is documented; it may be left out. */
export const PAUSE_BODY_SCHEMA = z.toJSONSchema(pauseBody, { io: 'input' });

/** What a pause is for, and until when. @throws Problem 422 */
export function readPause(body: unknown): { readonly reason: string | null; readonly until?: Date } {
  const parsed = pauseBody.nullish().safeParse(body);
  if (!parsed.success) throw invalidInput(toInputProblems(parsed.error.issues, body));
  const { reason = null, until } = parsed.data ?? {};
  if (until === null || until === undefined) return { reason };
  if (until.getTime() <= Date.now())
    throw invalidMember('/until', 'pause_until_past', 'until must lie in the future.');
  return { reason, until };
}

/** How the body of `disable` is documented; it may be left out. */
export const SWITCH_BODY_SCHEMA = z.toJSONSchema(switchBody, { io: 'input' });

/** The reason that a body gives, if there is one. @throws Problem 422 */
export function readReason(body: unknown): string | null {
  const parsed = switchBody.nullish().safeParse(body);
  if (!parsed.success) throw invalidInput(toInputProblems(parsed.error.issues, body));
  return parsed.data?.reason ?? null;
}
