import { join } from 'node:path';
import getPort from 'get-port';
import { Client } from 'pg';
import { createProcessGroup, type RunningProcess } from '../../../test/support/processes/processes.ts';
import { type Receiver, startReceiver } from '../../../test/support/receivers/receiver.ts';
import { startStageServers } from '../../evidence/stage-servers.ts';
import { waitUntil } from '../../load/wait-until.ts';
import { type Installation, startInstallation } from '../../stage/installation.ts';
import { type Link, startLink } from '../../stage/link.ts';
import { type Prometheus, startPrometheus } from '../../stage/prometheus.ts';
import type { SoakContext } from '../soak-scenario.ts';

/** An installation with a Prometheus that looks at it, and everything that a fault can be made with. */
export interface AlertStage {
  readonly installation: Installation;
  readonly prometheus: Prometheus;
  /** Between Postgres and everything else. */
  readonly link: Link;
  readonly signal: AbortSignal;
  /** A connection around the link, which ends with the stage. */
  openPostgres(): Promise<Client>;
  /** Has one worker run, with so many places, or the usual ones; one that has as many is kept. */
  haveWorker(places?: number): Promise<RunningProcess>;
  /**
   * Endpoints of so many customers, at a receiver that treats them as the kind says, or anywhere. @returns the
   * customers
   */
  createEndpoints(kind: string, options: EndpointOptions): Promise<readonly string[]>;
  /** Publishes an event for a customer. @returns the status of the answer; 0 where there is none */
  publish(customer: string): Promise<number>;
  /** An event for each of them at once. */
  publishAll(customers: readonly string[]): Promise<void>;
  read(path: string): Promise<number>;
  /** Does something, and waits until the receiver has got so many further requests of a kind. */
  untilArrived(kind: string, requests: Arriving): Promise<void>;
}

export interface Arriving {
  readonly count: number;
  readonly of: () => Promise<void>;
}

export interface EndpointOptions {
  readonly count: number;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly url?: (index: number) => string;
}

const ONCE = { strategy: 'fixed', max_retries: 0 };
/** Long enough that hundreds of answers are waited for at once, also on a slow machine. */
const THINK_MS = 30_000;
const ARRIVED_MS = 120_000;

/** Runs work on such a stage and takes it down. */
export async function onAlertStage<T>(
  { stage, signal, onProgress }: SoakContext,
  work: (stage: AlertStage) => Promise<T>,
): Promise<T> {
  const opened: (() => Promise<unknown>)[] = [];
  try {
    const servers = await startStageServers();
    opened.push(servers.stop);
    const link = await startLink(Number(new URL(servers.postgres.url).port));
    opened.push(link.close);
    const url = new URL(servers.postgres.url);
    url.port = String(link.port);
    const ports = { api: await getPort({ host: '127.0.0.1' }), worker: await getPort({ host: '127.0.0.1' }) };
    const installation = await startInstallation({
      stage,
      signal,
      onProgress,
      environment: { POSTHORN_METRICS_PORT: String(ports.api), POSTHORN_SHUTDOWN_DELAY_SECONDS: '0' },
      servers: { postgres: { ...servers.postgres, url: url.href }, temporal: servers.temporal },
    });
    opened.push(installation.stop);
    const arrived = new Map<string, number>();
    const receiver = await startReceiver(({ path }) => {
      const [, kind = ''] = path.split('/');
      arrived.set(kind, (arrived.get(kind) ?? 0) + 1);
      return ANSWERS[kind] ?? {};
    });
    opened.push(receiver.close);
    const processes = createProcessGroup();
    opened.push(processes.stopAll);
    const directory = join(servers.postgresDir, 'prometheus');
    const prometheus = await startPrometheus({ processes, directory, targets: ports });
    return await work({
      installation,
      prometheus,
      link,
      signal,
      async openPostgres() {
        const client = new Client({ connectionString: servers.postgres.url });
        await client.connect();
        opened.push(async () => await client.end());
        return client;
      },
      haveWorker: oneWorkerOf(installation, { port: ports.worker, onProgress }),
      untilArrived: async (kind, { count, of }) => {
        const before = arrived.get(kind) ?? 0;
        await of();
        const come = (): number => (arrived.get(kind) ?? 0) - before;
        if (await waitUntil(() => come() >= count, { timeoutMs: ARRIVED_MS, signal })) return;
        throw new Error(`${come()} requests of ${count} have come at ${kind}`);
      },
      ...callsOf(installation, receiver),
    });
  } finally {
    for (const close of opened.reverse()) await close();
  }
}

function oneWorkerOf(
  installation: Installation,
  { port, onProgress }: Pick<SoakContext, 'onProgress'> & { readonly port: number },
): AlertStage['haveWorker'] {
  let running: { readonly process: RunningProcess; readonly places: number | null } | null = null;
  return async (places) => {
    if (running !== null && running.places === (places ?? null)) return running.process;
    await running?.process.stop();
    const process = await installation.startWorker({
      POSTHORN_METRICS_PORT: String(port),
      ...(places !== undefined && { POSTHORN_MAX_IN_FLIGHT: String(places) }),
    });
    running = { process, places: places ?? null };
    void process.ended.then((how) => {
      if (running?.process === process) running = null;
      if (!ENDS.includes(how))
        onProgress(`a worker ended with ${how}: ${process.output().slice(-LAST_WORDS)}`);
    });
    return process;
  };
}

/** How workers end that are told to. */
const ENDS = ['code 0', 'signal SIGKILL'];
const LAST_WORDS = 2_000;

const ANSWERS = {
  refuse: { status: 503 },
  gone: { status: 410 },
  hang: { instead: 'hang' },
  call: { instead: 'hang' },
  files: { instead: 'hang' },
  slow: { delayMs: THINK_MS },
} as const satisfies Readonly<Record<string, object>> as Readonly<Record<string, object>>;

function callsOf(
  { apiUrl, adminKey }: Installation,
  receiver: Receiver,
): Pick<AlertStage, 'createEndpoints' | 'publish' | 'publishAll' | 'read'> {
  const headers = { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' };
  const call = async (path: string, body?: object): Promise<number> =>
    await fetch(apiUrl + path, {
      headers,
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    }).then(
      ({ status }) => status,
      () => 0,
    );
  const publish = async (customer_id: string): Promise<number> =>
    await call('/v1/events', { event: 'job.completed', customer_id, data: { job_id: 'drill' } });
  return {
    async createEndpoints(kind, { count, settings = {}, url = () => `${receiver.url}/${kind}` }) {
      const customers = Array.from({ length: count }, (_, index) => `${kind}-${index}`);
      for (const [index, customer_id] of customers.entries()) {
        const status = await call('/v1/endpoints', {
          customer_id,
          url: url(index),
          retry: ONCE,
          ...settings,
        });
        if (status !== 201) throw new Error(`an endpoint of ${customer_id} was refused with ${status}`);
      }
      return customers;
    },
    publish,
    publishAll: async (customers) => void (await Promise.all(customers.map(publish))),
    read: async (path) => await call(path),
  };
}
