import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { readHostPaths } from '../../../src/config.ts';
import { createLogger } from '../../../src/logger.ts';
import { findTemporalCli } from '../../../src/main/servers/download/find-server.ts';
import { startEmbeddedPostgres } from '../../../src/main/servers/embedded-postgres.ts';
import { startTemporal } from '../../../src/main/servers/embedded-temporal.ts';
import { type Database, openDatabase } from '../../../src/storage/postgres/database.ts';
import { migrate } from '../../../src/storage/postgres/migrate.ts';
import { OverdueDeliveries } from '../../../src/storage/upkeep/overdue-deliveries.ts';
import { DeliveryRuns } from '../../../src/temporal/delivery-runs.ts';
import { HOUSEKEEPING_SCHEDULE } from '../../../src/temporal/ensure-temporal.ts';
import { TemporalDoor } from '../../../src/temporal/temporal-door.ts';
import { eventually } from '../eventually.ts';
import { type Posthorn, startPosthorn } from '../processes/posthorn.ts';
import { type Answer, type Receiver, startReceiver } from '../receivers/receiver.ts';
import { removeDirectory } from '../remove-directory.ts';
import { GATE_SCENARIOS } from './gate-scenarios.ts';
import { REPLAY_SCENARIOS } from './replay-scenarios.ts';
import { OPEN_WAVES, WAVE_SCENARIOS } from './wave-scenarios.ts';

/** A run whose history is to be kept. */
interface Recorded {
  readonly workflowId: string;
  readonly runId?: string | null;
}

interface Stage {
  readonly posthorn: Posthorn;
  readonly client: Client;
  readonly database: Database;
  /** Publishes one event to an endpoint of its own, which gives these answers, then 204. @returns the event's id */
  publish(name: string, retry: object, answers?: readonly Answer[]): Promise<string>;
}

type Scenario = (stage: Stage, name: string) => Promise<Recorded>;

const NAMESPACE = 'default';
const QUICK = { strategy: 'schedule', delays_ms: [200, 300, 400], jitter: 0 };
const SLOW = { strategy: 'schedule', delays_ms: [3_600_000], jitter: 0 };
/** Long enough to act while a run waits, short enough to wait for. */
const BRIEF = { strategy: 'schedule', delays_ms: [2_500], jitter: 0 };
/** What fails here is to fail to its end. */
const NEVER_OPEN = { consecutive_failures: 1_000, minimum_attempts: 10_000 };
const UNAVAILABLE = { status: 503 };
const SLOWLY_UNAVAILABLE = { status: 503, delayMs: 1_500 };

/** What is recorded, by the name of its file: every way a run can go. */
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'delivered-at-once': async ({ posthorn, publish }, name) =>
    asRecorded(await posthorn.untilStatus(await publish(name, QUICK), 'delivered')),
  'retried-then-delivered': async ({ posthorn, publish }, name) =>
    asRecorded(
      await posthorn.untilStatus(await publish(name, QUICK, [UNAVAILABLE, UNAVAILABLE]), 'delivered'),
    ),
  'dead-after-four': async (stage, name) => asRecorded(await makeDead(stage, name)),
  'retried-when-dead': async (stage, name) => {
    const dead = await makeDead(stage, name);
    await stage.posthorn.call('POST', `/v1/deliveries/${dead.id}/retry`);
    return asRecorded(await stage.posthorn.untilStatus(dead.eventId, 'delivered'));
  },
  'retried-while-waiting': async (stage, name) => {
    const { id, eventId } = await makeWaiting(stage, name);
    await stage.client.workflow.getHandle(id).signal('retry', {});
    return asRecorded(await stage.posthorn.untilStatus(eventId, 'delivered'));
  },
  'cancelled-through-the-api': async (stage, name) => {
    const waiting = await makeWaiting(stage, name);
    await stage.posthorn.call('POST', `/v1/deliveries/${waiting.id}/cancel`);
    return asRecorded(waiting);
  },
  'cancelled-by-signal': async (stage, name) => {
    const waiting = await makeWaiting(stage, name);
    await stage.client.workflow.getHandle(waiting.id).signal('cancel', { reason: 'no longer needed' });
    return asRecorded(waiting);
  },
  'cancelled-while-sending': async ({ posthorn, publish }, name) => {
    const sending = await posthorn.untilStatus(await publish(name, SLOW, [SLOWLY_UNAVAILABLE]), 'sending');
    await posthorn.call('POST', `/v1/deliveries/${sending.id}/cancel`);
    return asRecorded(sending);
  },
  'parked-when-disabled': async ({ posthorn, publish }, name) => {
    const eventId = await publish(name, BRIEF, [UNAVAILABLE]);
    const waiting = await posthorn.untilStatus(eventId, 'retrying');
    const { endpoint_id } = (await posthorn.call('GET', `/v1/deliveries/${waiting.id}`)).body as {
      endpoint_id: string;
    };
    await posthorn.call('POST', `/v1/endpoints/${endpoint_id}/disable`);
    return asRecorded(waiting);
  },
  'taken-over-before-due': async (stage, name) => {
    const { posthorn, client, publish } = stage;
    const eventId = await publish(name, BRIEF, [UNAVAILABLE]);
    const { id } = await posthorn.untilStatus(eventId, 'retrying');
    await client.workflow.getHandle(id).terminate('to be taken over');
    await startAgain(stage, id);
    return asRecorded(await posthorn.untilStatus(eventId, 'delivered'));
  },
  'still-waiting': async (stage, name) => {
    const { id } = await makeWaiting(stage, name);
    const handle = stage.client.workflow.getHandle(id);
    await eventually(async () => (await handle.query<{ status: string }>('progress')).status === 'waiting');
    return { workflowId: id };
  },
  housekeeping: async ({ client }) => {
    const schedule = client.schedule.getHandle(HOUSEKEEPING_SCHEDULE);
    await schedule.trigger();
    return await eventually(async () => {
      const [action] = (await schedule.describe()).info.recentActions;
      if (action === undefined) return null;
      const { workflowId, firstExecutionRunId } = action.action.workflow;
      return { workflowId, runId: firstExecutionRunId };
    });
  },
};

/** What has stages of its own, and so can be recorded at once. */
const SIDE_BY_SIDE = { ...GATE_SCENARIOS, ...REPLAY_SCENARIOS };

/** Names of workers' own queues begin with process id and host. */
const STICKY_QUEUE = /^\d+@/;

/** Those whose run is open on purpose. */
const OPEN: readonly string[] = ['still-waiting', ...OPEN_WAVES];

await main(resolve('test/histories'), process.argv.slice(2));

/**
 * Records the histories of the named scenarios anew, of all where none is named: a Posthorn of its own, from real
 * servers, into these files.
 */
async function main(directory: string, wanted: readonly string[]): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthorn-histories-'));
  const opened: (() => Promise<void>)[] = [];
  mkdirSync(directory, { recursive: true });
  try {
    const stage = await openStage(dataDir, opened);
    const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name);
    const names = Object.keys({ ...SCENARIOS, ...SIDE_BY_SIDE }).filter(isWanted);
    await Promise.all(names.map(async (name) => await recordScenario(stage, { name, directory })));
    const waves = Object.keys(WAVE_SCENARIOS).filter(isWanted);
    for (const name of waves) await recordScenario(stage, { name, directory });
  } finally {
    for (const close of opened.reverse()) await close();
    removeDirectory(dataDir);
  }
}

async function openStage(dataDir: string, opened: (() => Promise<void>)[]): Promise<Stage> {
  const binary = await findTemporalCli(readHostPaths());
  const postgres = await startEmbeddedPostgres({ dataDir });
  opened.push(async () => await postgres.stop());
  const temporal = await startTemporal({ binary, dataDir, inMemory: true, uiPort: null });
  opened.push(async () => await temporal.stop());
  await migrate(postgres.url);
  const database = openDatabase(postgres.url, { logger: createLogger('silent') });
  opened.push(async () => await database.close());
  const receiver = await startReceiver();
  opened.push(receiver.close);
  const connection = await Connection.connect({ address: temporal.address });
  opened.push(async () => await connection.close());
  const client = new Client({ connection, namespace: NAMESPACE });
  const posthorn = await startPosthorn({
    databaseUrl: postgres.url,
    temporalAddress: temporal.address,
    namespace: NAMESPACE,
  });
  opened.push(posthorn.stop);
  await posthorn.startWorker();
  return { posthorn, client, database, publish: publisherTo(posthorn, receiver) };
}

function publisherTo(posthorn: Posthorn, receiver: Receiver): Stage['publish'] {
  const planned = new Map<string, readonly Answer[]>();
  receiver.answerWith(({ path }, requests) => {
    const count = requests.filter((request) => request.path === path).length;
    return planned.get(path)?.[count - 1] ?? {};
  });
  return async (name, retry, answers = []) => {
    planned.set(`/${name}`, answers);
    await posthorn.endpoint({
      url: `${receiver.url}/${name}`,
      customer_id: name,
      retry,
      breaker: NEVER_OPEN,
    });
    const event = { event: 'job.completed', customer_id: name, data: { job_id: name } };
    const { body } = await posthorn.call('POST', '/v1/events', event);
    return (body as { id: string }).id;
  };
}

async function recordScenario(
  stage: Stage,
  { name, directory }: { readonly name: string; readonly directory: string },
): Promise<void> {
  const scenario = SCENARIOS[name] ?? SIDE_BY_SIDE[name] ?? WAVE_SCENARIOS[name];
  if (scenario === undefined) throw new Error(`There is no scenario ${name}`);
  const { workflowId, runId } = await scenario(stage, name);
  const handle = stage.client.workflow.getHandle(workflowId, runId ?? undefined);
  // How a run ended is what the history says; here only that it did.
  if (!OPEN.includes(name)) await handle.result().catch(() => {});
  const history = scrubHistory(historyToJSON(await handle.fetchHistory()));
  writeFileSync(join(directory, `${name}.json`), history);
  process.stdout.write(`  ${name}\n`);
}

async function makeDead(
  { posthorn, publish }: Stage,
  name: string,
): Promise<{ id: string; run_id: string | null; eventId: string }> {
  const eventId = await publish(name, QUICK, [UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, UNAVAILABLE]);
  return { ...(await posthorn.untilStatus(eventId, 'dead')), eventId };
}

async function makeWaiting(
  { posthorn, publish }: Stage,
  name: string,
): Promise<{ id: string; run_id: string | null; eventId: string }> {
  const eventId = await publish(name, SLOW, [UNAVAILABLE]);
  return { ...(await posthorn.untilStatus(eventId, 'retrying')), eventId };
}

/** Starts a run for a delivery from what Postgres says, as the reconciling loop does. */
async function startAgain({ client, database }: Stage, deliveryId: string): Promise<void> {
  const overdue = new OverdueDeliveries(database);
  const findStart = async (id: string) => await overdue.find(id);
  const runs = new DeliveryRuns({
    door: new TemporalDoor(client, {
      place: { address: '127.0.0.1', namespace: NAMESPACE },
      logger: createLogger('silent'),
    }),
    namespace: NAMESPACE,
    uiUrl: null,
    findStart,
    logger: createLogger('silent'),
  });
  const start = await findStart(deliveryId);
  if (start === null) throw new Error(`There is no delivery ${deliveryId}`);
  await runs.start(start);
}

function asRecorded({ id, run_id }: { readonly id: string; readonly run_id: string | null }): Recorded {
  return { workflowId: id, runId: run_id };
}

/** Takes out what names a machine, a process or its files, and is of no use to a replay. */
function scrubHistory(json: string): string {
  const scrubbed: unknown = JSON.parse(json, (key, value: unknown) => {
    if (key === 'identity') return 'recorded';
    if (key === 'stackTrace') return '';
    return typeof value === 'string' && STICKY_QUEUE.test(value) ? 'recorded-sticky' : value;
  });
  return `${JSON.stringify(scrubbed, null, 2)}\n`;
}
