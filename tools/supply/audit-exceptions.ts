import { z } from 'zod';

const exceptionSchema = z.strictObject({
  /** `GHSA-…`, or the number that npm gives an advisory without such a name. */
  advisory: z.string().regex(/^(GHSA(-[a-z0-9]{4}){3}|\d+)$/),
  package: z.string().min(1),
  reason: z.string().min(20, 'must be a sentence that says why it does not concern us'),
  /** The last day on which it holds. */
  until: z.iso.date(),
});

/** Why an advisory does not concern us, and until when that holds; see SECURITY.md. */
export type AuditException = z.infer<typeof exceptionSchema>;

/** Reads the list of exceptions. @throws Error naming every entry that is not as it should be */
export function readExceptions(text: string): readonly AuditException[] {
  const parsed = z.array(exceptionSchema).safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new Error(`the exceptions are not well written:\n${z.prettifyError(parsed.error)}`);
}
