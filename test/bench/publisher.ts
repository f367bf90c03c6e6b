import { Pool } from 'undici';
import type { Installation } from './installation.ts';
import type { LedgerEntry } from './ledger.ts';

/** A producer's side of the API: one endpoint, and events for it. */
export interface Publisher {
  createEndpoint(url: string, settings?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Publishes one event and notes the answer; an answer other than 202, or none, is no acknowledgement. */
  publish(entry: LedgerEntry): Promise<void>;
  close(): Promise<void>;
}

const CUSTOMER = 'bench';
const EVENT = 'job.completed';
/** Size of `data` as compact JSON. */
export const EVENT_BYTES = 1_024;
/** More would only wait in the server's queue; enough for an open loop while answers take long. */
const MAX_CONNECTIONS = 128;

/** Publishes over kept-alive connections to the API of an installation. */
export function createPublisher({ apiUrl, adminKey }: Installation): Publisher {
  const pool = new Pool(apiUrl, { connections: MAX_CONNECTIONS, pipelining: 1 });
  const headers = { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' };
  const post = async (path: string, body: unknown): Promise<{ status: number; text: string }> => {
    const response = await pool.request({ method: 'POST', path, headers, body: JSON.stringify(body) });
    return { status: response.statusCode, text: await response.body.text() };
  };
  return {
    async createEndpoint(url, settings = {}) {
      const answer = await post('/v1/endpoints', {
        url,
        customer_id: CUSTOMER,
        events: [EVENT],
        ...settings,
      });
      if (answer.status !== 201)
        throw new Error(`the endpoint was refused with ${answer.status}: ${answer.text}`);
    },
    async publish(entry) {
      const event = { event: EVENT, customer_id: CUSTOMER, data: eventData(entry.jobId) };
      const answer = await post('/v1/events', event).catch(() => null);
      entry.answeredAt = performance.now();
      entry.acknowledged = answer?.status === 202;
    },
    close: async () => await pool.close(),
  };
}

function eventData(jobId: string): object {
  const data = { job_id: jobId, download_url: `https://downloads.example.com/${jobId}`, note: '' };
  return { ...data, note: 'x'.repeat(EVENT_BYTES - JSON.stringify(data).length) };
}
