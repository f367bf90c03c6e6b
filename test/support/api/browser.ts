import type { ApiUnderTest } from './api.ts';

/** A request as a page of this instance would send it. */
export const FROM_OWN_PAGE = { 'Sec-Fetch-Site': 'same-origin' } as const;

/** What a browser shows and may do: a cookie, and requests with whatever headers. */
export interface Browser {
  readonly cookie: string;
  send(method: string, path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

/** Signs a browser in by a key. */
export async function signIn(api: Pick<ApiUnderTest, 'url'>, key: string): Promise<Browser> {
  const answer = await fetch(`${api.url}/v1/session`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}` },
  });
  return browserWith(api, answer.headers.get('set-cookie'));
}

/** A browser that keeps the cookie of a `Set-Cookie`. */
export function browserWith({ url }: Pick<ApiUnderTest, 'url'>, setCookie: string | null): Browser {
  const cookie = setCookie?.split(';')[0] ?? '';
  return {
    cookie,
    send: async (method, path, headers = FROM_OWN_PAGE) =>
      await fetch(url + path, { method, headers: { Cookie: cookie, ...headers } }),
  };
}
