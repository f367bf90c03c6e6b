import { Agent } from 'node:http';
import { post } from './post.ts';
import { eventBody } from './publisher.ts';
import { rateOf } from './rate.ts';
import type { Setting } from './setting.ts';

export interface RawLoadOptions {
  readonly connections: number;
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/** No endpoint of an installation has this number. */
const RAW_ENDPOINT = 1_000_000;
/** What this process reaches posting the same bodies straight to the same receiver: requests a second. */
export async function measureRaw(
  setting: Pick<Setting, 'receiver'>,
  { connections, seconds, signal }: RawLoadOptions,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const url = new URL(setting.receiver.url(RAW_ENDPOINT));
  const headers = { 'content-type': 'application/json' };
  let begun = 0;
  try {
    return await rateOf({ seconds, sideBySide: connections, signal }, async () => {
      const body = eventBody({ jobId: `raw-${begun++}`, endpoint: RAW_ENDPOINT });
      const { status } = await post(agent, url, { path: url.pathname, headers, body });
      if (status >= 300) throw new Error(`the receiver answered ${status}`);
    });
  } finally {
    agent.destroy();
  }
}
