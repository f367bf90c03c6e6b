import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { verifyWebhook, WebhookVerificationError } from '../../../src/signature/receiver.ts';
import { PosthornProblem } from '../../typescript/problem.ts';
import type { components } from '../../typescript/schema.ts';
import { present } from '../present.ts';
import type { Session } from '../session.ts';
import { followStream, type StreamMessage } from '../streams/follow-stream.ts';
import { UsageError } from '../usage-error.ts';
import { forward, type RelayedAnswer, type RelayedRequest } from './forward.ts';
import type { Forwarded } from './show-forwarded.ts';
import type { Target } from './target.ts';

type Schemas = components['schemas'];

/** What to listen to, and how to forward it. */
export interface ListenerSettings {
  /** Null listens to the events of all customers; undefined is the customer of the key. */
  readonly customerId: string | null | undefined;
  readonly events: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly skipTlsVerify: boolean;
  readonly timeoutMs: number;
}

/** What went by while nobody listened. */
export interface Missed {
  readonly after: string;
  readonly before: string;
  readonly count: number;
  /** Whether there are more. */
  readonly capped: boolean;
}

/** What is heard of a listener. */
export interface ListenerEvents {
  readonly onReady: (target: Target, listener: Schemas['Listener']) => Promise<void>;
  readonly onForwarded: (forwarded: Forwarded) => void;
  readonly onMissed: (target: Target, missed: Missed) => void;
  readonly onConnection: (target: Target, text: string) => void;
}

/** Answers are kept so that a request which is handed out again after a break is not forwarded twice. */
const ANSWERS_KEPT = 1_000;
/** The API stops waiting at its own time, and is to hear of ours before. */
const ANSWER_MARGIN_MS = 1_000;

/** One endpoint without an address, whose requests are forwarded to one target. */
export class Listener {
  readonly #session: Session;
  readonly #target: Target;
  readonly #settings: ListenerSettings;
  readonly #events: ListenerEvents;
  readonly #answers = new Map<string, Promise<RelayedAnswer>>();
  readonly #over = new AbortController();
  #id: string | null = null;
  #secret = '';
  #missedBefore = '';

  constructor(
    session: Session,
    { target, settings, events }: { target: Target; settings: ListenerSettings; events: ListenerEvents },
  ) {
    this.#session = session;
    this.#target = target;
    this.#settings = settings;
    this.#events = events;
    session.io.signal.addEventListener('abort', () => this.#over.abort(), { once: true });
  }

  /** Listens until it is interrupted. @throws PosthornProblem, UsageError */
  async run(): Promise<void> {
    for (;;) {
      const listener = await this.put();
      this.#id = listener.id;
      this.#secret = listener.secret;
      await this.#events.onReady(this.#target, listener);
      try {
        for await (const message of this.#messages(listener.id)) this.#take(message);
      } catch (error) {
        // Gone while we were away for long: a new one begins.
        if (!(error instanceof PosthornProblem) || error.status !== 404) throw error;
        this.#events.onConnection(this.#target, 'removed meanwhile, with what it held; another begins');
      }
    }
  }

  /** Ends it and removes the endpoint, also after an interruption. */
  async remove(): Promise<void> {
    const { url, key } = this.#session.access;
    const id = this.#id;
    this.#over.abort();
    this.#id = null;
    if (id === null) return;
    await fetch(`${url}/v1/endpoints/${id}`, {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(5_000),
    }).catch(() => {});
  }

  /** Makes the listener, or finds the one of an earlier session. @throws PosthornProblem, UsageError */
  async put(): Promise<Schemas['Listener']> {
    const { customerId, events, timeoutMs } = this.#settings;
    try {
      const answer = await this.#session.posthorn.api.PUT('/v1/listeners/{name}', {
        params: { path: { name: this.#name() } },
        body: {
          ...(customerId !== undefined && { customer_id: customerId }),
          events: [...events],
          timeout_ms: timeoutMs + ANSWER_MARGIN_MS,
        },
      });
      return present(answer);
    } catch (error) {
      const isUnsaid = error instanceof PosthornProblem && customerId === undefined && error.status === 422;
      if (isUnsaid)
        throw new UsageError('Say whose events: --customer <id>, or --all-customers.', { cause: error });
      throw error;
    }
  }

  #messages(id: string): AsyncGenerator<StreamMessage> {
    let isLost = false;
    return followStream(this.#session, `/v1/listeners/${id}/stream`, {
      signal: this.#over.signal,
      onConnected: () => {
        if (isLost) this.#events.onConnection(this.#target, 'connected; what was held meanwhile is coming');
        isLost = false;
      },
      onLost: (reason) => {
        if (!isLost) this.#events.onConnection(this.#target, `reconnecting (${reason})…`);
        isLost = true;
      },
    });
  }

  #take({ event, data }: StreamMessage): void {
    if (event === 'closed') throw new UsageError((data as { readonly detail: string }).detail);
    if (event === 'missed') this.#tellMissed(data as Missed);
    if (event === 'request') void this.#answer(data as RelayedRequest);
  }

  /** It is told again where a connection breaks at once. */
  #tellMissed(missed: Missed): void {
    if (missed.before !== this.#missedBefore) this.#events.onMissed(this.#target, missed);
    this.#missedBefore = missed.before;
  }

  /** What cannot be told is asked for again once the stream is there again. */
  async #answer(request: RelayedRequest): Promise<void> {
    const forgery = forgeryIn(request, this.#secret);
    const known = this.#answers.get(request.id);
    const answering =
      known ?? forward(request, { ...this.#settings, ...this.#limits(request), url: this.#target.url });
    this.#answers.set(request.id, answering);
    if (this.#answers.size > ANSWERS_KEPT) this.#answers.delete(this.#answers.keys().next().value ?? '');
    const answer = await answering;
    await this.#session.posthorn.api
      .POST('/v1/listeners/{id}/answers', { params: { path: { id: this.#id ?? '' } }, body: answer })
      .then(
        () => this.#events.onForwarded({ target: this.#target, request, answer, forgery }),
        () => {},
      );
  }

  #limits({ timeout_ms }: RelayedRequest): { readonly timeoutMs: number } {
    return { timeoutMs: Math.max(ANSWER_MARGIN_MS, timeout_ms - ANSWER_MARGIN_MS) };
  }

  /** The same for whoever starts again after a crash, and another for whoever listens elsewhere. */
  #name(): string {
    const facts = [hostname(), this.#session.io.directory, this.#target.name, this.#target.url.href];
    return createHash('sha256').update(facts.join('\n')).digest('hex').slice(0, 24);
  }
}

/** The signatures as a receiver sees them; what is no envelope of ours is for its own library to judge. */
function forgeryIn({ headers, body_base64 }: RelayedRequest, secret: string): string | null {
  try {
    verifyWebhook({ rawBody: Buffer.from(body_base64, 'base64'), headers, secret });
    return null;
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    return error.code === 'body_malformed' ? null : `${error.code}: ${error.message}`;
  }
}
