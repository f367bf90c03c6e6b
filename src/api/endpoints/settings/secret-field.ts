import { z } from 'zod';
import { checkSecret } from '../../../signature/secret.ts';

/** A signing secret that is brought along; a weak one is refused. */
export const secretField = z.string().superRefine((text, context) => {
  const problem = checkSecret(text);
  if (problem === undefined) return;
  context.addIssue({ code: 'custom', message: problem.message, params: { code: problem.code } });
});
