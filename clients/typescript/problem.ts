import type { components } from './schema.ts';

/** What the API answers where it refuses (RFC 9457). */
export type Problem = components['schemas']['Problem'];

/** The API refused a request: decide by `code`, or by `status`; the message is for people. */
export class PosthornProblem extends Error {
  override readonly name = 'PosthornProblem';
  readonly status: number;
  readonly code: Problem['code'];
  /** Every fault of the request, with a pointer into its body or the name of a parameter. */
  readonly errors: Problem['errors'];
  /** To be given to whoever runs Posthorn: it stands in the log. */
  readonly requestId: string;
  /** From when on repeating makes sense, in seconds from now; null where the answer does not say. */
  readonly retryAfterSeconds: number | null;

  constructor(
    { status, code, detail, errors, request_id }: Problem,
    retryAfterSeconds: number | null = null,
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.errors = errors;
    this.requestId = request_id;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Whether a request was carried out is unknown: no answer came, or none of Posthorn's. */
export class PosthornUnreachable extends Error {
  override readonly name = 'PosthornUnreachable';
}

/** The error that an answer without success is. */
export async function errorOf(response: Response): Promise<PosthornProblem | PosthornUnreachable> {
  const body: unknown = await response.json().catch(() => null);
  if (isProblem(body)) return new PosthornProblem(body, retryAfterOf(response));
  return new PosthornUnreachable(`What answers at ${response.url} with ${response.status} is no Posthorn`);
}

/** The seconds of a `Retry-After`, which Posthorn writes as a number; null where there is none. */
export function retryAfterOf({ headers }: Response): number | null {
  const text = headers.get('retry-after');
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, (at - Date.now()) / 1_000);
}

function isProblem(body: unknown): body is Problem {
  const members = ['status', 'code', 'detail', 'errors', 'request_id'];
  return typeof body === 'object' && body !== null && members.every((member) => member in body);
}
