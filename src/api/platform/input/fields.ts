import { Injectable, type PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { isEventTypeName } from '../../../domain/event-type.ts';
import type { KnownProblemCode } from '../../../domain/problems/problem-code.ts';
import { type IdPrefix, isId } from '../../../new-id.ts';
import { invalidInput, notFound } from '../answers/problem.ts';
import { toInputProblems } from './input-problems.ts';

const MAX_OWN_ID_LENGTH = 128;
const WHOLE_NUMBER_TEXT = /^-?\d{1,15}$/;
const RFC_3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.\d{1,9})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Options for a zod `refine` whose problem carries this code: `refine(isFine, refusal('code', 'message'))`. */
export function refusal(
  code: KnownProblemCode,
  message: string,
): { error: string; params: { code: KnownProblemCode } } {
  return { error: message, params: { code } };
}

/**
 * What nobody sees: controls (those of direction too), blanks but the common one, and whatever renderers may leave out.
 */
const UNSEEN = /[\p{C}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u2800]|(?! )\p{Zs}/u;

/**
 * Whether a text shows all of itself, so that two that look the same are the same: nothing invisible or reversing in
 * it, no blanks at its ends, and accents composed (Unicode NFC).
 */
export function isPlainlyVisible(text: string): boolean {
  return !UNSEEN.test(text) && text.trim() === text && text.normalize('NFC') === text;
}

/** A customer's id: 1 to 128 characters that all can be seen, see `isPlainlyVisible`. */
export const customerId = z
  .string()
  .min(1)
  .max(MAX_OWN_ID_LENGTH)
  .refine(
    isPlainlyVisible,
    refusal(
      'invalid_customer_id',
      'Must have no invisible characters, no blanks at its ends, and be in Unicode NFC.',
    ),
  )
  .meta({ examples: ['acme'] });

/** An id that somebody gives a thing of theirs: 1 to 128 characters that all can be seen. */
export const ownId = z
  .string()
  .min(1)
  .max(MAX_OWN_ID_LENGTH)
  .refine(
    isPlainlyVisible,
    refusal(
      'invalid_uid',
      'Must have no invisible characters, no blanks at its ends, and be in Unicode NFC.',
    ),
  )
  .meta({ examples: ['order-4711'] });

/** The name of an event type, known or not. */
export const eventTypeName = z
  .string()
  .refine(
    isEventTypeName,
    refusal(
      'invalid_event_type',
      'Must be words of letters, digits, _ and -, joined by dots, such as job.completed: at most 256 characters.',
    ),
  )
  .meta({ examples: ['job.completed'] });

/** An id of one kind in a body or query; a path takes `idInPath`. */
export function idOf(prefix: IdPrefix): z.ZodString {
  return z
    .string()
    .refine(
      (text) => isId(prefix, text),
      refusal('invalid_id', `Must be an id that starts with ${prefix}_.`),
    );
}

/** A whole number written in a query. */
export function wholeNumberText(min: number, max: number) {
  return z
    .string()
    .refine((text) => WHOLE_NUMBER_TEXT.test(text), refusal('invalid_type', 'Must be a whole number.'))
    .meta({ type: 'integer', minimum: min, maximum: max })
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));
}

/** An RFC 3339 time that exists, with its offset; becomes a `Date`. */
export const instant = z
  .string()
  .refine(
    (text) => parseInstant(text) !== null,
    refusal('invalid_time', 'Must be an RFC 3339 time that exists, such as 2030-01-31T09:00:00Z.'),
  )
  .transform((text) => parseInstant(text) ?? new Date(Number.NaN))
  .meta({ format: 'date-time', examples: ['2030-01-31T09:00:00Z'] });

/**
 * Reads an RFC 3339 time; null for other forms, for dates that do not exist (30 February) and years other than 1 to
 * 9999 in UTC.
 */
export function parseInstant(text: string): Date | null {
  const [, year, month, day] = RFC_3339.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return null;
  const date = new Date(Date.UTC(2000, Number(month) - 1, Number(day)));
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const exists = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  const read = new Date(text.toUpperCase());
  return exists && isInStorableYear(read) ? read : null;
}

/** Postgres knows no year 0, and an offset can lead out of the years of four digits at either end. */
function isInStorableYear(date: Date): boolean {
  return date.getUTCFullYear() >= 1 && date.getUTCFullYear() <= 9999;
}

/** Passes an id of one kind in a path; any other text answers 404: `@Param('id', idInPath('evt'))`. */
export function idInPath(prefix: IdPrefix): PipeTransform<string, string> {
  return new IdPipe(prefix);
}

/** Passes an id that somebody gave a thing of theirs in a path. @throws Problem 422 with the parameter's name */
export function ownIdInPath(parameter: string): PipeTransform<string, string> {
  const schema = parameter === 'uid' ? ownId : customerId;
  return {
    transform: (text) => {
      const parsed = schema.safeParse(text);
      if (parsed.success) return text;
      const problems = toInputProblems(parsed.error.issues, text);
      throw invalidInput(problems.map(({ code, message }) => ({ parameter, code, message })));
    },
  };
}

const NOUNS: Readonly<Record<IdPrefix, string>> = {
  evt: 'event',
  del: 'delivery',
  ep: 'endpoint',
  att: 'attempt',
  bat: 'batch',
  rpl: 'replay',
  key: 'API key',
  aud: 'audit entry',
  cus: 'customer',
  ses: 'session',
  pls: 'portal link',
};

@Injectable()
class IdPipe implements PipeTransform<string, string> {
  readonly #prefix: IdPrefix;

  constructor(prefix: IdPrefix) {
    this.#prefix = prefix;
  }

  transform(text: string): string {
    if (!isId(this.#prefix, text)) throw notFound(NOUNS[this.#prefix]);
    return text;
  }
}
