import type { IncomingMessage } from 'node:http';

/** How much of a refused body is read off at most, and for how long. */
const MAX_DRAINED_BYTES = 67_108_864;
const MAX_DRAIN_MS = 5_000;

/**
 * Reads the rest of a refused body and throws it away, within limits. Without that the connection is reset while the
 * client still writes, and many clients then never see the answer.
 */
export async function drainBody(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return;
  await new Promise<void>((resolve) => {
    let bytes = 0;
    const timer = setTimeout(resolve, MAX_DRAIN_MS);
    request.on('data', (chunk: Uint8Array) => {
      bytes += chunk.length;
      if (bytes > MAX_DRAINED_BYTES) resolve();
    });
    for (const end of ['end', 'close', 'error']) {
      request.once(end, () => {
        clearTimeout(timer);
        resolve();
      });
    }
    request.resume();
  });
  request.pause();
}
