import { ACCESS_PROBLEMS } from './access-problems.ts';
import { ENDPOINT_PROBLEMS } from './endpoint-problems.ts';
import { EVENT_PROBLEMS } from './event-problems.ts';
import { INPUT_PROBLEMS } from './input-problems.ts';
import { LIMIT_PROBLEMS } from './limit-problems.ts';
import type { ProblemText } from './problem-text.ts';
import { REQUEST_PROBLEMS } from './request-problems.ts';
import { STATE_PROBLEMS } from './state-problems.ts';

const TEXTS = {
  ...REQUEST_PROBLEMS,
  ...ACCESS_PROBLEMS,
  ...INPUT_PROBLEMS,
  ...EVENT_PROBLEMS,
  ...ENDPOINT_PROBLEMS,
  ...STATE_PROBLEMS,
  ...LIMIT_PROBLEMS,
} as const satisfies Readonly<Record<string, ProblemText>>;

export type KnownProblemCode = keyof typeof TEXTS;

/** `data` breaks a keyword of the JSON Schema of its event type, which the code names. */
export type SchemaProblemCode = `schema_${string}`;

/** The stable code of a refusal, or of one fault of an input. */
export type ProblemCode = KnownProblemCode | SchemaProblemCode;

/** Every code but those of the keywords of JSON Schema. */
export const PROBLEM_CODES = Object.keys(TEXTS) as readonly KnownProblemCode[];

/** Matches the codes of the keywords of JSON Schema, such as `schema_required`. */
export const SCHEMA_PROBLEM_PATTERN = '^schema_[A-Za-z]+$';

const SCHEMA_TEXT: ProblemText = {
  title: 'The data breaks the JSON Schema of its event type',
  meaning:
    'The event type has a JSON Schema, and a member of `data` breaks its keyword that the code ends with.',
  advice: 'GET /v1/event-types/{name} shows the schema. Correct the member that `pointer` leads to.',
};

/** What to tell people about a code; null for what is no code. */
export function problemText(code: string): ProblemText | null {
  if (isKnown(code)) return TEXTS[code];
  return new RegExp(SCHEMA_PROBLEM_PATTERN).test(code) ? SCHEMA_TEXT : null;
}

function isKnown(code: string): code is KnownProblemCode {
  return Object.hasOwn(TEXTS, code);
}

/** Whether a text is the code of a problem. */
export function isProblemCode(code: string): code is ProblemCode {
  return problemText(code) !== null;
}
