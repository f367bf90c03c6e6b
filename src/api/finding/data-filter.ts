import { z } from 'zod';
import { MAX_SEARCHABLE } from '../../domain/searchable.ts';
import { refusal } from '../platform/input/fields.ts';

/** The member `data[…]=` of queries: values by the searchable members of `data`; see `nestData`. */
export const dataFilterField = z
  .record(z.string(), z.string())
  .refine(
    (members) => Object.keys(members).length <= MAX_SEARCHABLE,
    refusal('too_big', `At most ${MAX_SEARCHABLE} members can be looked for at a time.`),
  )
  .optional()
  .meta({
    type: 'object',
    additionalProperties: { type: 'string' },
    description:
      'Only what is of events with these values: `data[job_id]=job_7`, by members that their ' +
      'types name as searchable. Texts as they are, numbers as they were spelled.',
  });
