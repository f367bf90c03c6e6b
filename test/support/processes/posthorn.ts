import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { eventually } from '../eventually.ts';
import { takeNamespace, temporalAddress } from '../runs/temporal.ts';
import { createDatabase } from '../storage/database.ts';
import { createProcessGroup, type ProcessGroup, type RunningProcess } from './processes.ts';

const attemptSchema = z.object({
  number: z.number(),
  trigger: z.string(),
  status_code: z.number().nullable(),
  error_code: z.string().nullable(),
  started_at: z.string(),
});
const deliverySchema = z.object({
  id: z.string(),
  status: z.string(),
  attempts_made: z.number(),
  next_attempt_at: z.string().nullable(),
  last_error_code: z.string().nullable(),
  run_id: z.string().nullable(),
  attempts: z.array(attemptSchema).optional(),
});
const listSchema = z.object({ items: z.array(deliverySchema) });
const acceptedSchema = z.object({ id: z.string(), deliveries: z.number() });
const createdSchema = z.object({ id: z.string(), secret: z.string() });

/** A delivery as the API shows it; the single read carries the attempts. */
export type DeliveryView = z.infer<typeof deliverySchema>;

/** An answer of the API with its body read as JSON (null where it is empty). */
export interface JsonAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface PosthornOptions {
  readonly databaseUrl?: string;
  readonly temporalAddress?: string;
  readonly namespace?: string;
  /** Settings beyond those every role needs. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The only endpoint of its customer. */
export interface OwnEndpoint {
  readonly id: string;
  readonly secret: string;
  readonly customerId: string;
  /** Publishes a `job.completed` for it, with further members of the request; returns the event's id. */
  publish(request?: Readonly<Record<string, unknown>>): Promise<string>;
}

/** Posthorn as it runs in production: an API process and worker processes of their own. */
export interface Posthorn {
  readonly processes: ProcessGroup;
  readonly environment: Readonly<Record<string, string>>;
  api(): RunningProcess;
  /** The worker that was started last. */
  worker(): RunningProcess;
  /** Where the API listens; the same after it was started again. */
  url(): string;
  /** Starts another on the same port, with these settings instead. */
  startApi(instead?: Readonly<Record<string, string>>): Promise<RunningProcess>;
  startWorker(instead?: Readonly<Record<string, string>>): Promise<RunningProcess>;
  /** Runs `posthorn` with these arguments as an operator would. */
  command(...args: readonly string[]): RunningProcess;
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<JsonAnswer>;
  /** Creates an endpoint of a customer of its own. */
  endpoint(settings: Readonly<Record<string, unknown>>): Promise<OwnEndpoint>;
  /** The only delivery of an event, with its attempts. */
  deliveryOf(eventId: string): Promise<DeliveryView>;
  /** The only delivery of an event, once it has this status. */
  untilStatus(eventId: string, status: string, timeoutMs?: number): Promise<DeliveryView>;
  stop(): Promise<void>;
}

/** Starts an API process and a worker process over a database and a Temporal namespace of their own. */
export async function startPosthorn(options: PosthornOptions = {}): Promise<Posthorn> {
  const database = options.databaseUrl === undefined ? await createDatabase() : null;
  const environment = {
    DATABASE_URL: options.databaseUrl ?? database?.url ?? '',
    TEMPORAL_ADDRESS: options.temporalAddress ?? temporalAddress(),
    TEMPORAL_NAMESPACE: options.namespace ?? takeNamespace(),
    POSTHORN_ADMIN_KEY: randomBytes(16).toString('hex'),
    POSTHORN_MASTER_KEY: randomBytes(32).toString('base64'),
    POSTHORN_ALLOWED_DESTINATIONS: '127.0.0.0/8',
    PORT: '0',
    POSTHORN_SHUTDOWN_DELAY_SECONDS: '0',
    ...options.environment,
  };
  const processes = createProcessGroup();
  let api: RunningProcess | null = null;
  let lastWorker: RunningProcess | null = null;
  let url = '';

  const startApi: Posthorn['startApi'] = async (instead = {}) => {
    const started = processes.startRole('api', {
      ...environment,
      ...instead,
      ...(url === '' ? {} : { PORT: new URL(url).port }),
    });
    const [, port] = await started.waitForOutput(/"port":(\d+),"msg":"api ready"/);
    url = `http://127.0.0.1:${port}`;
    api = started;
    return started;
  };
  const startWorker: Posthorn['startWorker'] = async (instead = {}) => {
    const worker = processes.startRole('worker', { ...environment, ...instead });
    await worker.waitForOutput(/"msg":"worker ready"/);
    lastWorker = worker;
    return worker;
  };
  const call: Posthorn['call'] = async (method, path, body, headers = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        Authorization: `Bearer ${environment.POSTHORN_ADMIN_KEY}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  };
  const onlyOf = async (eventId: string): Promise<string> => {
    const { items } = listSchema.parse((await call('GET', `/v1/deliveries?event_id=${eventId}`)).body);
    const [only] = items;
    if (only === undefined || items.length > 1) throw new Error(`${eventId} has ${items.length} deliveries`);
    return only.id;
  };
  const read = async (id: string): Promise<DeliveryView> =>
    deliverySchema.parse((await call('GET', `/v1/deliveries/${id}`)).body);

  await startApi();
  return {
    processes,
    environment,
    api: () => {
      if (api === null) throw new Error('there is no API process');
      return api;
    },
    worker: () => {
      if (lastWorker === null) throw new Error('there is no worker process');
      return lastWorker;
    },
    url: () => url,
    startApi,
    startWorker,
    command: (...args) =>
      processes.start(process.execPath, ['dist/src/main/posthorn.js', ...args], {
        POSTHORN_URL: url,
        POSTHORN_ADMIN_KEY: environment.POSTHORN_ADMIN_KEY,
      }),
    call,
    endpoint: async (settings) => {
      const customerId = `customer-${randomBytes(6).toString('hex')}`;
      const answer = await call('POST', '/v1/endpoints', { customer_id: customerId, ...settings });
      const publish: OwnEndpoint['publish'] = async (request = {}) => {
        const event = { event: 'job.completed', customer_id: customerId, data: { job_id: 'j1' }, ...request };
        return acceptedSchema.parse((await call('POST', '/v1/events', event)).body).id;
      };
      return { ...createdSchema.parse(answer.body), customerId, publish };
    },
    deliveryOf: async (eventId) => await read(await onlyOf(eventId)),
    untilStatus: async (eventId, status, timeoutMs = 45_000) => {
      let id: string | null = null;
      let last: DeliveryView | null = null;
      const isThere = async (): Promise<DeliveryView | null> => {
        id ??= await onlyOf(eventId);
        last = await read(id);
        return last.status === status ? last : null;
      };
      return await eventually(isThere, { timeoutMs }).catch((cause: unknown) => {
        throw new Error(`${eventId} is not ${status} but ${JSON.stringify(last)}`, { cause });
      });
    },
    stop: async () => {
      await processes.stopAll();
      await database?.drop();
    },
  };
}
