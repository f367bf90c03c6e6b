import type { Installation } from '../stage/installation.ts';

/** Makes a call of the API as the operator, and reads its JSON. @throws where it is refused */
export type CallApi<Answer> = (method: string, path: string, options?: CallOptions) => Promise<Answer>;

export interface CallOptions {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls the API of an installation; what answers look like is up to the caller. */
export function createCaller<Answer>({
  apiUrl,
  adminKey,
}: Pick<Installation, 'apiUrl' | 'adminKey'>): CallApi<Answer> {
  return async (method, path, { body, headers: own = {} } = {}) => {
    const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const headers = { Authorization: `Bearer ${adminKey}`, ...type, ...own };
    const text = body === undefined ? null : JSON.stringify(body);
    const response = await fetch(`${apiUrl}${path}`, { method, headers, body: text });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  };
}
