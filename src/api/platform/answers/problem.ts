import type { InputProblem } from '../../../domain/errors.ts';
import { type ProblemCode, problemText } from '../../../domain/problems/problem-code.ts';
import { clip } from '../input/quote.ts';
import type { ProblemOrigin } from './problem-origin.ts';

/** The media type of every error answer (RFC 9457). */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** Where this instance explains each code, behind which it stands. */
export const PROBLEM_PAGES = '/docs/problems/';

/** Most faults that an answer names; whoever makes so many needs no others to see why. */
export const MAX_PROBLEMS = 100;
/** What an input made of a pointer or a message is cut to this, so that no answer is long, whatever was sent. */
const MAX_POINTER_CHARACTERS = 256;
const MAX_MESSAGE_CHARACTERS = 512;

/** One thing that is wrong with a parameter, in the query or a header. */
export interface ParameterProblem extends Omit<InputProblem, 'pointer'> {
  readonly parameter: string;
}

/** One thing that is wrong with a request. */
export type Fault = InputProblem | ParameterProblem;

/** A fault as it is sent: the pointer is a fragment of the body's URI (RFC 6901, 6). */
export type FaultBody =
  | { readonly detail: string; readonly pointer: string; readonly code: ProblemCode }
  | { readonly detail: string; readonly parameter: string; readonly code: ProblemCode };

/** An error answer as it is sent. `code` is stable, `detail` is for people, `errors` names the faults of an input. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly errors: readonly FaultBody[];
  readonly request_id: string;
}

/** A refusal with the HTTP status it is answered with; for what the domain has no word for. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: ProblemCode;
  readonly errors: readonly Fault[];
  /** Headers the answer needs, such as `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: ProblemCode,
    options: {
      readonly detail: string;
      readonly errors?: readonly Fault[];
      readonly headers?: Readonly<Record<string, string>>;
      readonly cause?: unknown;
    },
  ) {
    const detail = clip(options.detail, MAX_MESSAGE_CHARACTERS);
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = status;
    this.code = code;
    this.errors = (options.errors ?? []).slice(0, MAX_PROBLEMS).map(clipFault);
    this.headers = options.headers ?? {};
  }

  toBody({ requestId, basePath }: ProblemOrigin): ProblemBody {
    return {
      type: basePath + PROBLEM_PAGES + this.code,
      title: problemText(this.code)?.title ?? 'Error',
      status: this.status,
      detail: this.message,
      code: this.code,
      errors: this.errors.map(showFault),
      request_id: requestId,
    };
  }
}

function clipFault(fault: Fault): Fault {
  const message = clip(fault.message, MAX_MESSAGE_CHARACTERS);
  return 'parameter' in fault
    ? { ...fault, message, parameter: clip(fault.parameter, MAX_POINTER_CHARACTERS) }
    : { ...fault, message, pointer: clip(fault.pointer, MAX_POINTER_CHARACTERS) };
}

function showFault(fault: Fault): FaultBody {
  const { code, message: detail } = fault;
  if ('parameter' in fault) return { detail, parameter: fault.parameter, code };
  return { detail, pointer: `#${toFragment(fault.pointer)}`, code };
}

/** Percent-encodes what may not stand in a fragment (RFC 3986, 3.5); half a character cannot be encoded. */
function toFragment(pointer: string): string {
  return encodeURI(pointer.replaceAll(/\p{Cs}/gu, '\uFFFD')).replaceAll(/[[\]#]/g, encodeURIComponent);
}

/**
 * 422 with the faults of the input, a hundred at most. Where there is only one, its code and message are those of the
 * whole answer.
 */
export function invalidInput(errors: readonly Fault[]): Problem {
  const [first] = errors;
  if (errors.length === 1 && first !== undefined) {
    return new Problem(422, first.code, { detail: first.message, errors });
  }
  const count = errors.length < MAX_PROBLEMS ? `${errors.length} faults` : `${MAX_PROBLEMS} faults or more`;
  const detail = `The request has ${count}; see "errors".`;
  return new Problem(422, 'invalid_request', { detail, errors });
}

/** 422 for one parameter. */
export function invalidParameter(parameter: string, code: ProblemCode, message: string): Problem {
  return invalidInput([{ parameter, code, message }]);
}

/** 422 for one member of the body. */
export function invalidMember(pointer: string, code: ProblemCode, message: string): Problem {
  return invalidInput([{ pointer, code, message }]);
}

/** 404, the same for what does not exist and for what belongs to somebody else. */
export function notFound(what: string): Problem {
  return new Problem(404, 'not_found', { detail: `There is no such ${what}.` });
}
