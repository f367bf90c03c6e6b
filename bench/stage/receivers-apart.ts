import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Certificate } from '../../test/support/receivers/certificates.ts';
import type { ConnectionCounts } from '../measure/connection-counts.ts';
import type { Arrival } from '../measure/ledger.ts';
import type { Behaviour } from '../measure/refusals.ts';

/** What receivers of a thread are like. */
export interface ThreadWishes {
  readonly hosts: number;
  readonly certificate: Certificate;
  readonly usual: Behaviour;
  /** The shortest and the longest that they think before an answer. */
  readonly thinkMs: readonly [shortest: number, longest: number];
  readonly seed: number;
}

/** What the thread tells; times are milliseconds since the epoch, as threads count from different moments. */
export type FromThread =
  | { readonly kind: 'ready'; readonly urls: readonly string[] }
  | { readonly kind: 'arrival'; readonly jobId: string; readonly arrival: Arrival }
  | { readonly kind: 'connections'; readonly counts: ConnectionCounts };

/** What it is told. */
export type ToThread = 'count' | 'release' | 'close';

/** Receivers by TLS in a thread of their own: what they cost delays nothing that is published or measured here. */
export interface ReceiversApart {
  /** URL of the endpoint with this number. */
  url(endpoint: number): string;
  connections(): Promise<ConnectionCounts>;
  /** Answers every request that was left hanging. */
  release(): void;
  close(): Promise<void>;
}

const PROGRAM = new URL('./receivers-thread.js', import.meta.url);

/** Starts them. @param onArrival told of each request, by the times of this thread */
export async function startReceiversApart(
  wishes: ThreadWishes,
  onArrival: (jobId: string, arrival: Arrival) => void,
): Promise<ReceiversApart> {
  const thread = new Worker(PROGRAM, { workerData: wishes });
  const exited = once(thread, 'exit');
  const ready = hear(thread, 'ready');
  thread.on('message', (message: FromThread) => {
    if (message.kind !== 'arrival') return;
    const at = message.arrival.at - performance.timeOrigin;
    onArrival(message.jobId, { ...message.arrival, at });
  });
  const { urls } = await ready;
  const tell = (message: ToThread): void => thread.postMessage(message);
  return {
    url: (endpoint) => new URL(`/${endpoint}`, urls[endpoint % urls.length]).href,
    async connections() {
      const counted = hear(thread, 'connections');
      tell('count');
      return (await counted).counts;
    },
    release: () => tell('release'),
    async close() {
      tell('close');
      await exited;
    },
  };
}

type Message<Kind> = Extract<FromThread, { readonly kind: Kind }>;

/** The next message of a kind. @throws what the thread failed of */
async function hear<Kind extends FromThread['kind']>(thread: Worker, kind: Kind): Promise<Message<Kind>> {
  return await new Promise((resolve, reject) => {
    const listen = (message: FromThread): void => {
      if (message.kind !== kind) return;
      thread.off('message', listen).off('error', reject);
      resolve(message as Message<Kind>);
    };
    thread.on('message', listen).once('error', reject);
  });
}
