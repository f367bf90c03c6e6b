import type { ProblemCode } from './problems/problem-code.ts';

/** The kinds of refusal every room shares; only `api/` knows which HTTP status each becomes. */
export type DomainErrorKind = 'invalid' | 'not_found' | 'conflict' | 'unavailable';

/** One thing that is wrong with a body: an RFC 6901 pointer into it, a stable code and a sentence. */
export interface InputProblem {
  readonly pointer: string;
  readonly code: ProblemCode;
  readonly message: string;
}

/**
 * A refusal that the caller is meant to read: `kind` for the transport, `code` for programs, `message` for people,
 * and for invalid inputs every problem at once.
 */
export class DomainError extends Error {
  readonly kind: DomainErrorKind;
  readonly code: ProblemCode;
  readonly problems: readonly InputProblem[];

  constructor(
    kind: DomainErrorKind,
    code: ProblemCode,
    options: {
      readonly message: string;
      readonly problems?: readonly InputProblem[];
      readonly cause?: unknown;
    },
  ) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DomainError';
    this.kind = kind;
    this.code = code;
    this.problems = options.problems ?? [];
  }
}
