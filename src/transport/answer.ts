import type { AttemptResponse } from '../domain/attempt.ts';
import { CappedBody } from './capped-body.ts';
import type { AnswerHead } from './http/answer-head.ts';

/** Any date or number of seconds is shorter. */
const MAX_RETRY_AFTER_LENGTH = 64;

/** A final answer as far as it came. */
export class Answer {
  readonly body: CappedBody;
  readonly #head: AnswerHead;
  readonly #isHeadWhole: boolean;
  isComplete = false;

  constructor(
    head: AnswerHead,
    { isHeadWhole, maxBodyBytes }: { readonly isHeadWhole: boolean; readonly maxBodyBytes: number },
  ) {
    this.#head = head;
    this.#isHeadWhole = isHeadWhole;
    this.body = new CappedBody(maxBodyBytes);
  }

  get statusCode(): number {
    return this.#head.statusCode;
  }

  get isSuccess(): boolean {
    return this.statusCode >= 200 && this.statusCode < 300;
  }

  /** Whether it came to its end, or so far that the rest does not matter. */
  get isEnough(): boolean {
    return this.isComplete || this.body.isOverCap || !this.#isHeadWhole;
  }

  /** What is odd about it although it counts, for people; null mostly. */
  get note(): string | null {
    if (!this.#isHeadWhole) return 'The answer has more than 1 MiB of headers, and was read no further';
    return this.#head.isCut ? 'The answer has more headers than the 64 KiB that are kept of them' : null;
  }

  /** The raw `Retry-After`, the first if there are several. */
  get retryAfter(): string | null {
    return this.#head.retryAfter?.slice(0, MAX_RETRY_AFTER_LENGTH) ?? null;
  }

  get keepAliveMs(): number | null {
    return this.#head.keepAliveMs();
  }

  toResponse(): AttemptResponse {
    return { headers: this.#head.headers, body: this.body.toBuffer(), truncated: !this.isComplete };
  }
}
