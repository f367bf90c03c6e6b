/** Where the API is, and the key to show it. */
export interface ApiAccess {
  readonly url: string;
  readonly adminKey: string;
}

/** A request of the command line to the API. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}

/** What the API refused, or that it was not reached; the message is for people. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
}

/** Sends a request and reads the JSON of its answer, undefined where that is empty. @throws ApiRefusal */
export async function callApi(access: ApiAccess, { method, path, body }: ApiRequest): Promise<unknown> {
  const response = await fetch(access.url + path, {
    method,
    headers: {
      Authorization: `Bearer ${access.adminKey}`,
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    redirect: 'error',
  }).catch((cause: unknown) => {
    throw new ApiRefusal(`No API answers at ${access.url}; is it running, and POSTHORN_URL right?`, {
      cause,
    });
  });
  const answer = parse(await response.text());
  if (response.ok) return answer;
  throw new ApiRefusal(`${describeProblem(answer)} (${response.status})`);
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function describeProblem(answer: unknown): string {
  if (typeof answer !== 'object' || answer === null || !('detail' in answer)) return 'This is no Posthorn';
  const faults = 'errors' in answer && Array.isArray(answer.errors) ? answer.errors : [];
  const lines = faults.map(({ pointer, parameter, detail }) => `\n  ${pointer ?? parameter}: ${detail}`);
  return String(answer.detail) + lines.join('');
}
