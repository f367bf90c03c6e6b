import { Agent, request } from 'node:http';

/** Both come with Node: `fetch`, as most producers write it, or the leaner client of `node:http`. */
export const CLIENTS = ['fetch', 'http'] as const;
export type Client = (typeof CLIENTS)[number];

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

/** Makes POSTs to one origin over kept-alive connections. */
export interface Poster {
  readonly post: (post: Post) => Promise<PostAnswer>;
  readonly close: () => void;
}

/** The same for publishing and for the raw rung, so that the ratio to it compares what Posthorn adds. */
export function createPoster(
  origin: URL,
  { client, connections }: { client: Client; connections: number },
): Poster {
  if (client === 'fetch') return { post: async (post) => await postByFetch(origin, post), close: () => {} };
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return { post: async (post) => await postByHttp(agent, origin, post), close: () => agent.destroy() };
}

async function postByFetch(origin: URL, { path, headers, body }: Post): Promise<PostAnswer> {
  const response = await fetch(new URL(path, origin), { method: 'POST', headers, body });
  return { status: response.status, text: await response.text() };
}

async function postByHttp(agent: Agent, origin: URL, { path, headers, body }: Post): Promise<PostAnswer> {
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
