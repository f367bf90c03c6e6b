import type { AttemptOutcome } from '../domain/attempt.ts';
import { errorCodeOfStatus } from '../domain/error-code.ts';
import { Answer } from './answer.ts';
import { classifyFailure, describeFailure, type FailurePhase } from './classify-failure.ts';
import type { Connection, Conversation } from './connection.ts';
import type { AnswerHead } from './http/answer-head.ts';
import { type AnswerListener, AnswerReader, FramingFlood } from './http/answer-reader.ts';
import { idleTimeMs } from './http/idle-time.ts';
import { TransportFault } from './transport-fault.ts';

export interface ExchangeOptions {
  /** The request as it goes out. */
  readonly pieces: readonly Buffer[];
  readonly connection: Connection;
  /** Gives a connection to the same receiver that carried nothing before. */
  readonly openAnew: () => Connection;
  readonly maxBodyBytes: number;
  readonly timeoutMs: number;
}

/**
 * Share of the time limit in which a request may go out again. One whose connection ends later has been kept waiting,
 * not met by a closing receiver; and the answer to a second request might come too late to be heard.
 */
const RESEND_WITHIN = 0.5;

/**
 * One request, from its dispatch to the one outcome it reports. Where a reused connection ends before the first byte of
 * an answer, which is how receivers close idle ones, the request goes out once more over a fresh one, unless half of
 * its time is over.
 */
export class Exchange implements Conversation, AnswerListener {
  readonly #options: ExchangeOptions;
  readonly #report: (outcome: AttemptOutcome) => void;
  readonly #beganAt = performance.now();
  readonly #reader = new AnswerReader(this);
  #connection: Connection;
  #phase: FailurePhase = 'connecting';
  #sentAt: number | null = null;
  #firstByteAt: number | null = null;
  #answer: Answer | null = null;
  #isResent = false;
  #isOver = false;

  constructor(options: ExchangeOptions, report: (outcome: AttemptOutcome) => void) {
    this.#options = options;
    this.#connection = options.connection;
    this.#report = report;
  }

  /** The connection used last. */
  get connection(): Connection {
    return this.#connection;
  }

  begin(): void {
    this.#connection.converse(this);
  }

  onOpen(): void {
    this.#sentAt = performance.now();
    this.#phase = 'awaiting_headers';
    this.#connection.write(this.#options.pieces);
  }

  onData(chunk: Buffer): void {
    if (this.#isOver) return;
    this.#firstByteAt ??= performance.now();
    this.#guard(() => this.#reader.read(chunk));
    if (!this.#isOver && this.#answer?.isComplete === true) this.#conclude(this.#answer);
  }

  onEnd(): void {
    if (this.#isOver) return;
    this.#guard(() => this.#reader.end());
    if (!this.#isOver && this.#answer?.isComplete === true) this.#conclude(this.#answer);
  }

  onClose(error: Error | null): void {
    if (this.#isOver) return;
    if (this.#mayResend) this.#resend();
    else this.#finish(error ?? hungUp(this.#phase));
  }

  onHead(head: AnswerHead, isWhole: boolean): void {
    if (this.#isOver) return;
    this.#answer = new Answer(head, { isHeadWhole: isWhole, maxBodyBytes: this.#options.maxBodyBytes });
    this.#phase = 'reading_body';
    if (!isWhole) this.cut(new Error('its headers have no end'));
  }

  onBody(data: Buffer): void {
    if (this.#isOver || this.#answer === null) return;
    this.#answer.body.add(data);
    if (this.#answer.body.isOverCap) this.cut(new Error('The body is longer than what is kept of it'));
  }

  onComplete(): void {
    if (this.#answer !== null) this.#answer.isComplete = true;
  }

  /** Ends it in whatever phase it is, and its connection with it. */
  cut(error: Error): void {
    if (this.#isOver) return;
    this.#finish(error);
    this.#connection.destroy();
  }

  /** The deadline has come. */
  expire(timeoutMs: number): void {
    this.cut(
      new TransportFault('timeout', `No whole answer within ${timeoutMs} ms: ${this.#describePhase()}`),
    );
  }

  get #mayResend(): boolean {
    const isEarly = performance.now() - this.#beganAt < this.#options.timeoutMs * RESEND_WITHIN;
    return isEarly && this.#connection.isReused && !this.#reader.hasBegun;
  }

  #guard(read: () => void): void {
    try {
      read();
    } catch (error) {
      // A flood is read no further, for parsing it costs everybody's time; the deadline still decides.
      if (error instanceof FramingFlood) this.#connection.destroy();
      else this.cut(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #conclude(answer: Answer): void {
    this.#connection.rest(this.#reader.hasSurplus ? 0 : idleTimeMs(answer.keepAliveMs));
    this.#finish(null);
  }

  /** A fresh connection is never reused, so this happens once at most. */
  #resend(): void {
    this.#isResent = true;
    this.#phase = 'connecting';
    this.#sentAt = null;
    this.#connection = this.#options.openAnew();
    this.#connection.converse(this);
  }

  #describePhase(): string {
    if (this.#answer !== null) return 'still reading the body';
    if (this.#sentAt !== null)
      return this.#firstByteAt === null ? 'no answer yet' : 'only interim answers yet';
    const { connectMs, remoteAddress } = this.#connection.facts;
    if (connectMs !== null && remoteAddress !== null) return 'still in the TLS handshake';
    return this.#connection.facts.dnsMs === null ? 'still resolving the name' : 'still connecting';
  }

  #finish(error: Error | null): void {
    this.#isOver = true;
    const { isReused, facts } = this.#connection;
    this.#report({
      statusCode: this.#answer?.statusCode ?? null,
      ...this.#judge(error),
      response: this.#answer?.toResponse() ?? null,
      timings: {
        dnsMs: isReused ? null : facts.dnsMs,
        connectMs: isReused ? null : facts.connectMs,
        tlsMs: isReused ? null : facts.tlsMs,
        firstByteMs:
          this.#sentAt === null || this.#firstByteAt === null ? null : this.#firstByteAt - this.#sentAt,
        totalMs: performance.now() - this.#beganAt,
      },
      remoteAddress: facts.remoteAddress,
      tlsVersion: facts.tlsVersion,
      retryAfter: this.#answer?.retryAfter ?? null,
      resent: this.#isResent,
    });
  }

  /** A status that is no success says more than whatever happened to the rest of its answer. */
  #judge(error: Error | null): Pick<AttemptOutcome, 'errorCode' | 'errorDetail'> {
    const answer = this.#answer;
    if (answer === null || (answer.isSuccess && !answer.isEnough)) {
      return { errorCode: classifyFailure(error, this.#phase), errorDetail: describeFailure(error) };
    }
    if (answer.isSuccess) return { errorCode: null, errorDetail: answer.note };
    const rest = answer.isEnough ? '' : `, and then: ${describeFailure(error)}`;
    return {
      errorCode: errorCodeOfStatus(answer.statusCode),
      errorDetail: `The receiver answered ${answer.statusCode}${rest}`,
    };
  }
}

function hungUp(phase: FailurePhase): TransportFault {
  return phase === 'reading_body'
    ? new TransportFault('response_incomplete', 'The receiver closed the connection within the body')
    : new TransportFault(
        'connection_reset',
        'The receiver closed the connection before its answer was there',
      );
}
