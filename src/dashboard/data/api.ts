import createClient, { type Middleware } from 'openapi-fetch';
import type { paths } from '../../../clients/typescript/schema.ts';
import { noteServerTime } from './clock.ts';
import { PAGE } from './page.ts';
import { ApiProblem, asProblem } from './problem.ts';
import { portalToken, signedOut } from './sign-in-state.ts';

/** Codes of a 401 that another sign-in mends. */
const OVER = ['session_over', 'key_missing', 'key_revoked', 'key_expired', 'key_unknown'];

const middleware: Middleware = {
  onRequest({ request }) {
    const token = portalToken();
    if (token !== null && !request.headers.has('Authorization'))
      request.headers.set('Authorization', `Bearer ${token}`);
    return request;
  },
  onResponse({ response }) {
    noteServerTime(response.headers.get('Date'));
  },
};

/** The public API, typed by its document; nothing else is called. */
export const api = createClient<paths>({ baseUrl: PAGE.base, credentials: 'same-origin' });
api.use(middleware);

interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** What a call answers where it succeeds. @throws ApiProblem where not; a session that is over leads to the sign-in */
export async function answerOf<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    throw asProblem(cause);
  });
  // An answer without a body has no data, and the type of the call says so.
  if (response.ok) return data as T;
  throw problemOf(response, error);
}

/** A GET of the API as text, for what must be shown as it stands: numbers of 64 bits do not survive JSON.parse. */
export async function textOf(path: string): Promise<string> {
  return await exchange(path, {});
}

/** A POST whose body is sent as it was written, for the same reason. */
export async function postText(path: string, body: string): Promise<unknown> {
  return parsed(
    await exchange(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body }),
  );
}

/** The answer to a GET as it comes, piece by piece. @throws ApiProblem where the API refuses, or is away */
export async function* openText(path: string, init: RequestInit): AsyncGenerator<string> {
  const response = await send(path, init);
  if (!response.ok) throw problemOf(response, parsed(await response.text()));
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done = true, value = '' } = (await reader?.read()) ?? {};
    if (done) return;
    yield value;
  }
}

async function exchange(path: string, init: RequestInit): Promise<string> {
  const response = await send(path, init);
  const text = await response.text();
  if (response.ok) return text;
  throw problemOf(response, parsed(text));
}

async function send(path: string, init: RequestInit): Promise<Response> {
  const token = portalToken();
  const request = new Request(PAGE.base + path, { credentials: 'same-origin', ...init });
  if (token !== null) request.headers.set('Authorization', `Bearer ${token}`);
  return await fetch(request).catch((cause: unknown) => {
    throw asProblem(cause);
  });
}

function problemOf({ status }: Response, body: unknown): ApiProblem {
  const problem = new ApiProblem(status, typeof body === 'object' && body !== null ? body : {});
  if (status === 401 && OVER.includes(problem.code)) signedOut();
  return problem;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
