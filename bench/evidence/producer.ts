import { z } from 'zod';
import type { LedgerFile } from './ledger-file.ts';

/** A producer whose every wish and answer stands in a ledger before and after it. */
export interface Producer {
  /** Creates an endpoint of a customer of its own at this URL. */
  createEndpoint(endpoint: ProducerEndpoint): Promise<void>;
  /** Publishes one event for an endpoint, by number; what is not answered with 202 promises nothing. */
  publish(endpoint: number): Promise<void>;
  /** Whether an endpoint, by number, is disabled. */
  isDisabled(endpoint: number): Promise<boolean>;
  /** Enables an endpoint again, by number, and has it sent what it missed. */
  bringBack(endpoint: number): Promise<void>;
  /** Calls the API as its operator. @returns the body of the answer @throws where it is no success */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
}

export interface ProducerEndpoint {
  readonly number: number;
  readonly url: string;
  /** Whose delays are told together. */
  readonly group: string;
  /** How long its receiver may take for an answer. */
  readonly timeoutMs: number;
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface ProducerOptions {
  readonly apiUrl: string;
  readonly adminKey: string;
  /** Tells the events of this run from those of others. */
  readonly run: string;
  readonly ledger: LedgerFile;
}

const createdSchema = z.object({ id: z.string(), secret: z.string() });
const statusSchema = z.object({ status: z.string() });
const EVENT = 'job.completed';
const ACCEPTED = 202;
/** A producer that waits no longer does not know what came of it. */
const ANSWER_MS = 15_000;
/** An operator does, for what changes an endpoint waits for every publish under way. */
const OPERATOR_MS = 60_000;

/** Publishes by `fetch`, as most producers do, and never repeats anything. */
export function createProducer({ apiUrl, adminKey, run, ledger }: ProducerOptions): Producer {
  const paths = new Map<number, string>();
  const ids = new Map<number, string>();
  let events = 0;
  const request = async (
    { method, path, timeoutMs = ANSWER_MS }: { method: string; path: string; timeoutMs?: number },
    body: unknown,
  ): Promise<Response> =>
    await fetch(`${apiUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${adminKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
  const call: Producer['call'] = async (method, path, body) => {
    const answer = await request({ method, path, timeoutMs: OPERATOR_MS }, body);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  return {
    call,
    async createEndpoint({ number, url, group, timeoutMs, settings }) {
      const { pathname: path } = new URL(url);
      const address = { customer_id: customerOf(number), url, events: [EVENT] };
      const members = { ...address, timeout_ms: timeoutMs, ...settings };
      const { id, secret } = createdSchema.parse(await call('POST', '/v1/endpoints', members));
      paths.set(number, path);
      ids.set(number, id);
      ledger.note({ kind: 'endpoint', path, group, secrets: [secret], timeoutMs });
    },
    async isDisabled(endpoint) {
      const { status } = statusSchema.parse(await call('GET', `/v1/endpoints/${ids.get(endpoint)}`));
      return status === 'disabled';
    },
    async bringBack(endpoint) {
      for (const verb of ['enable', 'recover'])
        await call('POST', `/v1/endpoints/${ids.get(endpoint)}/${verb}`);
    },
    async publish(endpoint) {
      events += 1;
      const id = `ev-${run}-${events}`;
      const data = { job_id: id, note: `the ${events}th of its kind` };
      ledger.note({
        kind: 'attempt',
        id,
        paths: [paths.get(endpoint) ?? ''],
        data: JSON.stringify(data),
      });
      try {
        const event = { event: EVENT, customer_id: customerOf(endpoint), data };
        const { status } = await request({ method: 'POST', path: '/v1/events' }, event);
        ledger.note(status === ACCEPTED ? { kind: 'ack', id } : { kind: 'refused', id, status });
      } catch (error) {
        ledger.note({ kind: 'unknown', id, why: String(error) });
      }
    },
  };
}

function customerOf(endpoint: number): string {
  return `evidence-${endpoint}`;
}
