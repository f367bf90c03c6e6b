import { STATUS_CODES } from 'node:http';
import type { InputProblem } from '../../../domain/errors.ts';

/** The media type of every error answer (RFC 9457). */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** An error answer as it is sent. `code` is stable, `detail` is for people, `errors` names every fault of an input. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly errors: readonly InputProblem[];
  readonly request_id: string;
}

/** A refusal with the HTTP status it is answered with; for what the domain has no word for. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  readonly errors: readonly InputProblem[];
  /** Headers the answer needs, such as `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    options: {
      readonly detail: string;
      readonly errors?: readonly InputProblem[];
      readonly headers?: Readonly<Record<string, string>>;
      readonly cause?: unknown;
    },
  ) {
    super(options.detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = status;
    this.code = code;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
  }

  toBody(requestId: string): ProblemBody {
    return {
      type: `urn:posthorn:problem:${this.code}`,
      title: STATUS_CODES[this.status] ?? 'Error',
      status: this.status,
      detail: this.message,
      code: this.code,
      errors: this.errors,
      request_id: requestId,
    };
  }
}

/** 422 with every fault of the input. Where there is only one, its code and message are those of the whole answer. */
export function invalidInput(errors: readonly InputProblem[]): Problem {
  const [first] = errors;
  if (errors.length === 1 && first !== undefined) {
    return new Problem(422, first.code, { detail: first.message, errors });
  }
  const detail = `The request has ${errors.length} faults; see "errors".`;
  return new Problem(422, 'invalid_request', { detail, errors });
}

/** 422 for one fault. */
export function invalidMember(pointer: string, code: string, message: string): Problem {
  return invalidInput([{ pointer, code, message }]);
}

/** 404, the same for what does not exist and for what belongs to somebody else. */
export function notFound(what: string): Problem {
  return new Problem(404, 'not_found', { detail: `There is no such ${what}.` });
}
