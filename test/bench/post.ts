import type { Dispatcher } from 'undici';

export interface Post {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Makes one POST and drops the answer's body, with as little work as there can be. @returns the status code */
export async function post(pool: Dispatcher, { path, headers, body }: Post): Promise<number> {
  return await new Promise((resolve, reject) => {
    let status = 0;
    pool.dispatch(
      { method: 'POST', path, headers, body },
      {
        // Undici takes a handler for an old-fashioned one unless this is there.
        onRequestStart() {},
        onResponseStart(_controller, statusCode) {
          status = statusCode;
        },
        onResponseData() {},
        onResponseEnd: () => resolve(status),
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });
}
