import type { Dispatcher } from 'undici';
import type { AttemptOutcome } from '../domain/attempt.ts';
import { errorCodeOfStatus } from '../domain/error-code.ts';
import { Answer, toHeaderPairs } from './answer.ts';
import { classifyFailure, describeFailure, type FailurePhase } from './classify-failure.ts';
import type { Connection } from './connection.ts';
import { TransportFault } from './transport-fault.ts';

/** No receiver means well with more headers than this. */
const MAX_HEADERS = 256;

/** After so many 1xx answers the connection is cut, for parsing them costs everybody's time; the deadline still decides. */
const MAX_INTERIM_ANSWERS = 1_000;

/** One request over one connection, from its dispatch to the one outcome it reports. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #connection: Connection;
  readonly #maxBodyBytes: number;
  readonly #report: (outcome: AttemptOutcome) => void;
  readonly #beganAt = performance.now();
  #phase: FailurePhase = 'connecting';
  #sentAt: number | null = null;
  #firstByteAt: number | null = null;
  #interimAnswers = 0;
  #answer: Answer | null = null;
  #isOver = false;

  constructor(connection: Connection, maxBodyBytes: number, report: (outcome: AttemptOutcome) => void) {
    this.#connection = connection;
    this.#maxBodyBytes = maxBodyBytes;
    this.#report = report;
  }

  onRequestStart(): void {
    this.#sentAt = performance.now();
    this.#phase = 'awaiting_headers';
  }

  onResponseStart(controller: Dispatcher.DispatchController, statusCode: number): void {
    if (this.#isOver) return;
    this.#firstByteAt ??= performance.now();
    if (statusCode < 200) {
      this.#countInterimAnswer();
      return;
    }
    const headers = toHeaderPairs(controller.rawHeaders);
    if (headers.length > MAX_HEADERS) {
      this.cut(new TransportFault('response_headers_too_large', `The answer has ${headers.length} headers`));
      return;
    }
    this.#answer = new Answer(statusCode, headers, this.#maxBodyBytes);
    this.#phase = 'reading_body';
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver || this.#answer === null) return;
    this.#answer.body.add(chunk);
    if (this.#answer.body.isOverCap) this.cut(new Error('The body is longer than what is kept of it'));
  }

  onResponseEnd(): void {
    if (this.#isOver || this.#answer === null) return;
    this.#answer.isComplete = true;
    this.#finish(null);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#interimAnswers <= MAX_INTERIM_ANSWERS) this.cut(this.#connection.socketError ?? error);
  }

  /** Ends it in whatever phase it is, and its connection with it. */
  cut(error: Error): void {
    if (this.#isOver) return;
    this.#finish(error);
    this.#connection.destroy(error);
  }

  /** The deadline has come. */
  expire(timeoutMs: number): void {
    this.cut(
      new TransportFault('timeout', `No whole answer within ${timeoutMs} ms: ${this.#describePhase()}`),
    );
  }

  #countInterimAnswer(): void {
    this.#interimAnswers += 1;
    if (this.#interimAnswers > MAX_INTERIM_ANSWERS)
      this.#connection.destroy(new Error('Too many interim answers'));
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
    });
  }

  /** A status that is no success says more than whatever happened to the rest of its answer. */
  #judge(error: Error | null): Pick<AttemptOutcome, 'errorCode' | 'errorDetail'> {
    const answer = this.#answer;
    if (answer === null || (answer.isSuccess && !answer.isEnough)) {
      return { errorCode: classifyFailure(error, this.#phase), errorDetail: describeFailure(error) };
    }
    if (answer.isSuccess) return { errorCode: null, errorDetail: null };
    const rest = answer.isEnough ? '' : `, and then: ${describeFailure(error)}`;
    return {
      errorCode: errorCodeOfStatus(answer.statusCode),
      errorDetail: `The receiver answered ${answer.statusCode}${rest}`,
    };
  }
}
