import { type Agent, request } from 'node:http';

export interface Post {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came back for a POST. */
export interface PostAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Makes one POST over kept-alive connections by Node's own client, as most producers do. Measuring the raw rung it is the same,
 * so that the ratio to it compares what Posthorn adds.
 */
export async function post(agent: Agent, origin: URL, { path, headers, body }: Post): Promise<PostAnswer> {
  return await new Promise((resolve, reject) => {
    const { hostname, port } = origin;
    const length = { 'content-length': Buffer.byteLength(body) };
    const call = request(
      { agent, hostname, port, path, method: 'POST', headers: { ...headers, ...length } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.on('error', reject);
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}
