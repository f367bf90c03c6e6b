import type { LedgerEntry } from '../measure/ledger.ts';
import type { Installation } from '../stage/installation.ts';
import { type Client, createPoster } from './post.ts';

/** A producer's side of the API: endpoints by number with their customers, and events for them. */
export interface Publisher {
  /** Creates the endpoint with this number. */
  createEndpoint(
    endpoint: number,
    settings: Readonly<Record<string, unknown>> & { readonly url: string },
  ): Promise<void>;
  /** Publishes one event and notes the answer; an answer other than 202, or none, is no acknowledgement. */
  publish(entry: LedgerEntry): Promise<void>;
  /** Publishes many in one call, all or none. */
  publishMany(entries: readonly LedgerEntry[]): Promise<void>;
  close(): Promise<void>;
}

const EVENT = 'job.completed';
/** Size of `data` as compact JSON. */
export const EVENT_BYTES = 1_024;
/** More would only wait in the server's queue; enough for an open loop while answers take long. */
const MAX_CONNECTIONS = 128;
const ACCEPTED = 202;
const MAX_EVENT_BYTES = 65_536;
const FILLING = 'x'.repeat(MAX_EVENT_BYTES);

/** Whose keys a publisher shows: the operator's, or for each endpoint one of its customer's. */
export const KEYS = ['operator', 'customer'] as const;
export type Keys = (typeof KEYS)[number];

/** What events are like. */
export interface EventOptions {
  /**
   * How many customers share the endpoints, each of which then gets a type of event to itself; where absent or null
   * each endpoint has a customer of its own.
   */
  readonly customers?: number | null;
  /** Whether customers have the same types of events: as many as each has endpoints. */
  readonly sharesTypes?: boolean;
  /** Size of `data` as compact JSON; `EVENT_BYTES` where absent. */
  readonly eventBytes?: number;
}

export interface PublisherOptions extends EventOptions {
  /** `http` where absent. */
  readonly client?: Client;
  /** `operator` where absent; calls with many events then have events of one endpoint only. */
  readonly keys?: Keys;
}

/** Publishes over kept-alive connections to the API of an installation. */
export function createPublisher(
  { apiUrl, adminKey }: Pick<Installation, 'apiUrl' | 'adminKey'>,
  { client = 'http', keys = 'operator', ...events }: PublisherOptions = {},
): Publisher {
  const poster = createPoster(new URL(apiUrl), { client, connections: MAX_CONNECTIONS });
  const headersWith = (key: string) => ({
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
  });
  const operatorHeaders = headersWith(adminKey);
  const bodyOf = (entry: LedgerEntry): string => eventBody(entry, events);
  const types = new Map<string, Promise<string>>();
  const customerHeaders = new Map<number, Readonly<Record<string, string>>>();
  const create = async (path: string, members: object): Promise<string> => {
    const body = JSON.stringify(members);
    const { status, text } = await poster.post({ path, headers: operatorHeaders, body });
    if (status !== 201) throw new Error(`POST ${path} was refused with ${status}: ${text}`);
    return text;
  };
  const publish = async (entries: readonly LedgerEntry[], { path, body }: { path: string; body: string }) => {
    const headers = customerHeaders.get(entries[0]?.endpoint ?? Number.NaN) ?? operatorHeaders;
    const answer = await poster.post({ path, headers, body }).catch(() => null);
    const answeredAt = performance.now();
    for (const entry of entries)
      Object.assign(entry, { answeredAt, acknowledged: answer?.status === ACCEPTED });
  };
  return {
    async createEndpoint(endpoint, settings) {
      const [customer_id, name] = [customerOf(endpoint, events), typeFor(endpoint, events)];
      if (name !== EVENT && !types.has(name)) types.set(name, create('/v1/event-types', { name }));
      await types.get(name);
      await create('/v1/endpoints', { customer_id, events: [name], ...settings });
      if (keys === 'operator') return;
      const { key } = JSON.parse(await create('/v1/api-keys', { customer_id, name: 'bench' })) as {
        key: string;
      };
      customerHeaders.set(endpoint, headersWith(key));
    },
    publish: async (entry) => await publish([entry], { path: '/v1/events', body: bodyOf(entry) }),
    publishMany: async (entries) =>
      await publish(entries, {
        path: '/v1/events/batch',
        body: `{"events":[${entries.map(bodyOf).join(',')}]}`,
      }),
    close: async () => poster.close(),
  };
}

/** The body of a publish, `data` of exactly so many bytes. */
export function eventBody(
  { jobId, endpoint }: Pick<LedgerEntry, 'jobId' | 'endpoint'>,
  options: EventOptions = {},
): string {
  const { eventBytes = EVENT_BYTES } = options;
  const data = `{"job_id":"${jobId}","download_url":"https://downloads.example.com/${jobId}","note":"`;
  const note = FILLING.slice(0, eventBytes - data.length - '"}'.length);
  const [event, customer] = [typeFor(endpoint, options), customerOf(endpoint, options)];
  return `{"event":"${event}","customer_id":"${customer}","data":${data}${note}"}}`;
}

function customerOf(endpoint: number, { customers = null }: EventOptions): string {
  return `bench-${customers === null ? endpoint : endpoint % customers}`;
}

/** An event goes to one endpoint, also where its customer has several. */
function typeFor(endpoint: number, { customers = null, sharesTypes = false }: EventOptions): string {
  if (customers === null) return EVENT;
  return `job.completed_${sharesTypes ? Math.floor(endpoint / customers) : endpoint}`;
}
