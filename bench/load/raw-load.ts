import type { Setting } from '../setting.ts';
import { type Client, createPoster } from './post.ts';
import { eventBody } from './publisher.ts';
import { rateOf } from './rate.ts';

export interface RawLoadOptions {
  readonly connections: number;
  /** `http` where absent. */
  readonly client?: Client;
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/** No endpoint of an installation has this number. */
const RAW_ENDPOINT = 1_000_000;
/** What this process reaches posting the same bodies straight to the same receiver: requests a second. */
export async function measureRaw(
  setting: Pick<Setting, 'receiver'>,
  { connections, client = 'http', seconds, signal }: RawLoadOptions,
): Promise<number> {
  const url = new URL(setting.receiver.url(RAW_ENDPOINT));
  const poster = createPoster(url, { client, connections });
  const headers = { 'content-type': 'application/json' };
  let begun = 0;
  try {
    return await rateOf({ seconds, sideBySide: connections, signal }, async () => {
      const body = eventBody({ jobId: `raw-${begun++}`, endpoint: RAW_ENDPOINT });
      const { status } = await poster.post({ path: url.pathname, headers, body });
      if (status >= 300) throw new Error(`the receiver answered ${status}`);
    });
  } finally {
    poster.close();
  }
}
