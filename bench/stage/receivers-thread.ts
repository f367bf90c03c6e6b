import { parentPort, workerData } from 'node:worker_threads';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { startArrivalReceiver } from '../load/arrivals.ts';
import type { FromThread, ThreadWishes, ToThread } from './receivers-apart.ts';

/** The thread's program: receivers as told by whoever started it, who hears of every arrival. */
const { thinkMs, seed, ...wishes } = workerData as ThreadWishes;
const random = seededRandom(seed);
const [shortest, longest] = thinkMs;

const receiver = await startArrivalReceiver({
  ...wishes,
  delayMs: () => shortest + random() * (longest - shortest),
  onArrival: (jobId, { at, ...arrival }) =>
    tell({ kind: 'arrival', jobId, arrival: { ...arrival, at: performance.timeOrigin + at } }),
});

parentPort?.on('message', (message: ToThread) => {
  if (message === 'count') tell({ kind: 'connections', counts: receiver.connections() });
  else if (message === 'release') receiver.release();
  else void receiver.close().then(() => parentPort?.close());
});
tell({ kind: 'ready', urls: Array.from({ length: wishes.hosts }, (_, host) => receiver.url(host)) });

function tell(message: FromThread): void {
  parentPort?.postMessage(message);
}
