import { connect } from 'node:net';
import { malformedRequest } from './malformed-request.ts';
import { randomFrom } from './random.ts';

/** Where to send malformed requests, and as whom. */
export interface FuzzTarget {
  readonly url: string;
  readonly key: string;
  /** The same seed gives the same requests. */
  readonly seed: number;
}

/** How often each status was answered (0: the connection ended without), and what was answered by a server error. */
export interface FuzzRun {
  readonly statuses: Readonly<Record<string, number>>;
  readonly serverErrors: readonly string[];
}

const SIDE_BY_SIDE = 16;
/** Sends so many requests that are broken in body, JSON, headers, path, query, request line or framing. */
export async function sendMalformedRequests(count: number, target: FuzzTarget): Promise<FuzzRun> {
  const random = randomFrom(target.seed);
  const statuses: Record<string, number> = {};
  const serverErrors: string[] = [];
  let left = count;
  const sendSome = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const request = malformedRequest(random, target.key);
      const status = await exchange(target.url, request);
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status >= 500)
        serverErrors.push(`${status}: ${JSON.stringify(request.toString('latin1').slice(0, 600))}`);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, sendSome));
  return { statuses, serverErrors };
}

/** Sends the bytes, says that there are no more, and reads the status of what comes; 0 where nothing does. */
async function exchange(url: string, bytes: Buffer): Promise<number> {
  const { hostname, port } = new URL(url);
  return await new Promise((resolve) => {
    let answer = '';
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true }, () =>
      socket.end(bytes),
    );
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    // A server may refuse before it has read everything; what it said counts.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (?!1\d\d)(\d{3})/m.exec(answer)?.[1] ?? 0)));
  });
}
