import type { IncomingMessage } from 'node:http';
import { Problem } from '../answers/problem.ts';
import type { BodyShare } from './body-budget.ts';

/** A body that is still with the client, or on its way: nothing of it is read before it is asked for. */
export class IncomingBody {
  readonly #stream: IncomingMessage;
  readonly #maxBytes: number;
  readonly #openShare: () => BodyShare;
  #share: BodyShare | null = null;
  #bytes: Promise<Buffer> | null = null;

  /** `openShare` is asked once the body is, when the caller is known. */
  constructor(
    stream: IncomingMessage,
    { maxBytes, openShare }: { readonly maxBytes: number; readonly openShare: () => BodyShare },
  ) {
    this.#stream = stream;
    this.#maxBytes = maxBytes;
    this.#openShare = openShare;
  }

  /** @throws Problem 413 beyond the limit of the route, 429 or 503 beyond the budget, 400 where it does not end */
  async bytes(): Promise<Buffer> {
    this.#bytes ??= this.#read();
    return await this.#bytes;
  }

  /** To be called once the request is over: what was read counts no longer. */
  release(): void {
    this.#share?.release();
  }

  async #read(): Promise<Buffer> {
    const declared = Number(this.#stream.headers['content-length'] ?? 0);
    if (declared > this.#maxBytes) throw tooLarge(this.#maxBytes);
    const share = this.#openShare();
    this.#share = share;
    share.growTo(declared);
    const chunks: Buffer[] = [];
    let length = 0;
    await eachChunk(this.#stream, (chunk) => {
      length += chunk.length;
      if (length > this.#maxBytes) throw tooLarge(this.#maxBytes);
      share.growTo(length);
      chunks.push(chunk);
    });
    const [only] = chunks;
    return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, length);
  }
}

/** Rejects with what `take` throws, and leaves the rest of the stream unread then. */
function eachChunk(stream: IncomingMessage, take: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      stream.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
    };
    const onData = (chunk: Buffer): void => {
      try {
        take(chunk);
      } catch (error) {
        stop();
        stream.pause();
        reject(error);
      }
    };
    const onEnd = (): void => {
      stop();
      resolve();
    };
    const onClose = (): void => {
      stop();
      reject(new Problem(400, 'body_incomplete', { detail: 'The connection ended within the body.' }));
    };
    stream.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
  });
}

function tooLarge(maxBytes: number): Problem {
  const detail = `The body is larger than this route takes, which is ${maxBytes} bytes.`;
  return new Problem(413, 'body_too_large', { detail });
}
