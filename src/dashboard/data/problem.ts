import type { components } from '../../../clients/typescript/schema.ts';

type ProblemBody = components['schemas']['Problem'];

/** One fault of an input, at the place that the API names. */
export type Fault = ProblemBody['errors'][number];

/** An answer of the API that is no success, or none at all (status 0). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly faults: readonly Fault[];
  readonly requestId: string | null;

  constructor(status: number, body: Partial<ProblemBody>) {
    super(body.detail ?? 'The API gave no readable answer.');
    this.status = status;
    this.code = body.code ?? 'unreadable_answer';
    this.title = body.title ?? 'The answer cannot be read';
    this.faults = body.errors ?? [];
    this.requestId = body.request_id ?? null;
  }
}

/** An error of whatever kind as a problem: what is none never reached the API. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem(0, {
    code: 'unreachable',
    title: 'The API cannot be reached',
    detail: 'No answer came. Check that the API runs and that this browser reaches it.',
  });
}

/** The faults of an error by the member or parameter they are about: `url`, `retry.max_retries`. */
export function faultsByField(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof ApiProblem)) return {};
  return Object.fromEntries(error.faults.map((fault) => [fieldOf(fault), fault.detail]));
}

function fieldOf({ pointer, parameter }: Fault): string {
  return parameter ?? decodeURI((pointer ?? '').replace(/^#?\//, '')).replaceAll('/', '.');
}
