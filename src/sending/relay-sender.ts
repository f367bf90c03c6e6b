import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AttemptOutcome } from '../domain/attempt.ts';
import { type ErrorCode, errorCodeOfStatus } from '../domain/error-code.ts';
import { listenerOf } from '../domain/listener.ts';
import type { Logger } from '../logger.ts';
import type { RelayAnswer, RelayState, RelayStore } from '../storage/listeners/relay-store.ts';
import type { OutgoingRequest } from './send-and-record.ts';

/** Between two looks for answers, however many are waited for. */
const LOOK_FOR_ANSWERS_MS = 75;
/** Whoever listens takes a request within this, or is away. */
const TAKEN_WITHIN_MS = 4_000;

interface Waiting {
  readonly resolve: (outcome: AttemptOutcome) => void;
  readonly offeredAt: number;
  readonly timeoutMs: number;
}

/**
 * Hands signed requests to whoever listens, by rows of Postgres, and waits for what their program answers. The
 * counterpart of the sender of HTTP for endpoints without an address.
 */
export class RelaySender {
  readonly #relays: Pick<RelayStore, 'offer' | 'look' | 'withdraw' | 'remove'>;
  readonly #logger: Logger;
  readonly #waiting = new Map<string, Waiting>();
  #isLooking = false;

  constructor(relays: Pick<RelayStore, 'offer' | 'look' | 'withdraw' | 'remove'>, logger: Logger) {
    this.#relays = relays;
    this.#logger = logger;
  }

  /** Hands over one request and tells what came of it. Rejects where it cannot even be written down. */
  async send(
    { url, headers, body }: OutgoingRequest,
    { timeoutMs }: { readonly timeoutMs: number },
  ): Promise<AttemptOutcome> {
    const id = randomUUID();
    const isOffered = await this.#relays.offer({ id, endpointId: listenerOf(url), headers, body, timeoutMs });
    if (!isOffered) return failure('listener_away', 0);
    return await new Promise((resolve) => {
      this.#waiting.set(id, { resolve, offeredAt: performance.now(), timeoutMs });
      if (!this.#isLooking) void this.#keepLooking();
    });
  }

  async #keepLooking(): Promise<void> {
    this.#isLooking = true;
    while (this.#waiting.size > 0) {
      await sleep(LOOK_FOR_ANSWERS_MS);
      try {
        await this.#look();
      } catch (error) {
        this.#logger.debug({ error: String(error) }, 'answers of listeners could not be looked for');
      }
    }
    this.#isLooking = false;
  }

  async #look(): Promise<void> {
    const states = new Map(
      (await this.#relays.look([...this.#waiting.keys()])).map((state) => [state.id, state]),
    );
    for (const [id, waiting] of this.#waiting) {
      const outcome = await this.#outcomeOf(id, { state: states.get(id), waiting });
      if (outcome === null) continue;
      this.#waiting.delete(id);
      waiting.resolve(outcome);
    }
  }

  /** Null while it is waited for. */
  async #outcomeOf(
    id: string,
    { state, waiting }: { readonly state: RelayState | undefined; readonly waiting: Waiting },
  ): Promise<AttemptOutcome | null> {
    const waitedMs = performance.now() - waiting.offeredAt;
    if (state === undefined) return failure('listener_away', waitedMs);
    if (state.answer !== null) {
      await this.#relays.remove(id);
      return outcomeOf(state.answer);
    }
    if (state.state === 'waiting' && waitedMs > TAKEN_WITHIN_MS)
      return (await this.#relays.withdraw(id)) ? failure('listener_away', waitedMs) : null;
    if (waitedMs <= waiting.timeoutMs) return null;
    await this.#relays.remove(id);
    return failure('timeout', waitedMs);
  }
}

function outcomeOf(answer: RelayAnswer): AttemptOutcome {
  const { statusCode, headers, durationMs } = answer;
  const response = {
    headers,
    body: Buffer.from(answer.bodyBase64, 'base64'),
    truncated: answer.isTruncated,
  };
  return {
    ...failure(errorCodeOf(answer), durationMs),
    statusCode,
    errorDetail: answer.errorDetail,
    response: statusCode === null ? null : response,
  };
}

function errorCodeOf({ statusCode, errorCode }: RelayAnswer): ErrorCode | null {
  if (statusCode === null) return (errorCode ?? 'internal_error') as ErrorCode;
  return statusCode >= 200 && statusCode < 300 ? null : errorCodeOfStatus(statusCode);
}

/** Of what happens at somebody's desk only the whole time is known. */
function failure(errorCode: ErrorCode | null, totalMs: number): AttemptOutcome {
  return {
    statusCode: null,
    errorCode,
    errorDetail: null,
    response: null,
    timings: { dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null, totalMs },
    remoteAddress: null,
    tlsVersion: null,
    retryAfter: null,
    resent: false,
  };
}
