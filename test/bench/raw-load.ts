import { Pool } from 'undici';
import { runClosedLoop } from './closed-loop.ts';
import { post } from './post.ts';
import { eventBody } from './publisher.ts';
import type { Setting } from './setting.ts';

export interface RawLoadOptions {
  readonly connections: number;
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/** No endpoint of an installation has this number. */
const RAW_ENDPOINT = 1_000_000;
/** Of the measured time, so that hot code is compiled. */
const WARM_UP_SHARE = 0.3;

/** What this process reaches posting the same bodies straight to the same receiver: requests a second. */
export async function measureRaw(setting: Setting, options: RawLoadOptions): Promise<number> {
  const pool = new Pool(new URL(setting.receiver.url(RAW_ENDPOINT)).origin, {
    connections: options.connections,
    pipelining: 1,
  });
  try {
    await postFor(pool, { ...options, seconds: options.seconds * WARM_UP_SHARE });
    return await postFor(pool, options);
  } finally {
    await pool.close();
  }
}

async function postFor(pool: Pool, { connections, seconds, signal }: RawLoadOptions): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  const began = performance.now();
  const endAt = began + seconds * 1_000;
  let done = 0;
  const lanes = { count: connections, sideBySide: connections, signal };
  await runClosedLoop(lanes, async (lane) => {
    while (performance.now() < endAt) {
      signal.throwIfAborted();
      const body = eventBody({ jobId: `raw-${lane}-${done}`, endpoint: RAW_ENDPOINT });
      await post(pool, { path: `/${RAW_ENDPOINT}`, headers, body });
      done += 1;
    }
  });
  return (done * 1_000) / (performance.now() - began);
}
