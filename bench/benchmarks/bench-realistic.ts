import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRunDirectory } from '../../test/support/processes/test-run.ts';
import { type Certificate, certifyAddresses } from '../../test/support/receivers/certificates.ts';
import { removeDirectory } from '../../test/support/remove-directory.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import type { BenchContext, Benchmark, BenchReport } from '../benchmark.ts';
import { addressOf } from '../load/arrivals.ts';
import { runClosedLoop } from '../load/closed-loop.ts';
import { runOpenLoop } from '../load/open-loop.ts';
import { countByStatus, waitForEnds, waitForReceipts } from '../load/settled.ts';
import { createZipf } from '../load/zipf.ts';
import { startCpuSpan } from '../measure/cpu-meter.ts';
import type { Ledger } from '../measure/ledger.ts';
import { type MeasuredSetting, measureIn } from '../measure/measure-in.ts';
import { walBytes } from '../measure/postgres-bytes.ts';
import { countAttempts, type RealisticRun, reportOf } from '../measure/realistic-report.ts';
import { type ReceiversApart, startReceiversApart } from '../stage/receivers-apart.ts';

/** A day like any other: few customers with much, many with little, and receivers that are no better than most. */
export const realistic: Benchmark = {
  name: 'realistic',
  summary:
    'many customers by Zipf, TLS 1.3, answers in 50 to 300 ms, 2 % failing, 0.5 % hanging, 2 KiB: open loop',
  options: {
    endpoints: { kind: 'number', summary: 'endpoints', fallback: 10_000, least: 1, most: 100_000 },
    customers: {
      kind: 'number',
      summary: 'customers that share them, a host each',
      fallback: 200,
      least: 1,
      most: 1_000,
    },
    rate: { kind: 'number', summary: 'events a second', fallback: 300, least: 1, most: 10_000 },
    seconds: { kind: 'number', summary: 'how long', fallback: 60, least: 1, most: 86_400 },
    'timeout-ms': {
      kind: 'number',
      summary: 'of the endpoints',
      fallback: 30_000,
      least: 100,
      most: 120_000,
    },
    'retry-ms': {
      kind: 'number',
      summary: 'before a retry',
      fallback: 10_000,
      least: 1_000,
      most: 3_600_000,
    },
  },
  run,
};

const EVENT_BYTES = 2_048;
const FAILING = 0.02;
const HANGING = 0.005;
const THINK_MS = [50, 300] as const;
const SEED = 1;
const CREATED_SIDE_BY_SIDE = 8;
/** So long load runs before it is measured. */
const WARM_UP_S = 3;
const SAMPLE_EVERY_MS = 1_000;
const RETRIES = 3;

async function run(context: BenchContext): Promise<BenchReport> {
  const [endpoints, rate, seconds] = [
    context.number('endpoints'),
    context.number('rate'),
    context.number('seconds'),
  ];
  const customers = Math.min(context.number('customers'), endpoints);
  const directory = createRunDirectory();
  try {
    const hosts = Array.from({ length: customers }, (_, host) => addressOf(host));
    const { authority, certificate } = await certifyAddresses(hosts);
    const authorityFile = join(directory, 'authority.pem');
    writeFileSync(authorityFile, authority);
    const environment = {
      POSTHORN_CA_FILE: authorityFile,
      POSTHORN_MAX_ENDPOINTS_PER_CUSTOMER: String(endpoints),
    };
    const conditions = { endpoints, customers, rate, seconds, event_bytes: EVENT_BYTES };
    const events = { customers, sharesTypes: true, eventBytes: EVENT_BYTES };
    return await measureIn(
      context,
      { conditions, rawConnections: 1, environment, ...events },
      async (setting) => await play(context, { setting, customers, certificate }),
    );
  } finally {
    removeDirectory(directory);
  }
}

interface Scene {
  readonly setting: MeasuredSetting;
  readonly customers: number;
  readonly certificate: Certificate;
}

async function play(
  context: BenchContext,
  { setting, customers, certificate }: Scene,
): Promise<Omit<BenchReport, 'conditions'>> {
  const ledgers: Ledger[] = [];
  const usual = { refuseFirst: FAILING, hangFirst: HANGING };
  const wishes = { hosts: customers, certificate, usual, thinkMs: THINK_MS, seed: SEED };
  const receivers = await startReceiversApart(wishes, (jobId, arrival) => {
    for (const ledger of ledgers) ledger.receive(jobId, arrival);
  });
  try {
    await setting.installation.startWorker();
    await createEndpoints(context, { setting, receivers });
    const draw = endpointsByZipf({ endpoints: context.number('endpoints'), customers });
    const publish = async (name: string, seconds: number) => {
      const ledger = setting.openLedger();
      ledgers.push(ledger);
      const lagMs = await publishAll(context, { setting, ledger, name, seconds, draw });
      return { ledger, lagMs };
    };
    context.onProgress(`warming up for ${WARM_UP_S} s`);
    const warmUp = await publish('warm-up', WARM_UP_S);
    const load = await measureLoad(context, { setting, receivers, publish });
    context.onProgress('waiting for what failed or hangs');
    for (const ledger of [warmUp.ledger, load.ledger]) await waitForReceipts(ledger, context.signal);
    const timeoutMs = (context.number('timeout-ms') + context.number('retry-ms')) * (RETRIES + 1);
    const allEnd = await waitForEnds(setting.postgres, { timeoutMs, signal: context.signal });
    const attempts = await countAttempts(setting.postgres);
    return reportOf({
      ...load,
      customers,
      attempts,
      statuses: await countByStatus(setting.postgres),
      allEnd,
    });
  } finally {
    receivers.release();
    await receivers.close();
  }
}

async function createEndpoints(
  { number, signal, onProgress }: BenchContext,
  { setting, receivers }: { readonly setting: MeasuredSetting; readonly receivers: ReceiversApart },
): Promise<void> {
  const count = number('endpoints');
  onProgress(`creating ${count} endpoints`);
  const retry = { strategy: 'fixed', initial_ms: number('retry-ms'), max_retries: RETRIES, jitter: 0 };
  const settings = { timeout_ms: number('timeout-ms'), retry };
  await runClosedLoop({ count, sideBySide: CREATED_SIDE_BY_SIDE, signal }, async (endpoint) => {
    await setting.createEndpoint(endpoint, { url: receivers.url(endpoint), ...settings });
  });
}

/** Draws a customer by Zipf's law, the first most of all, and any of their endpoints. */
function endpointsByZipf({
  endpoints,
  customers,
}: {
  readonly endpoints: number;
  readonly customers: number;
}) {
  const random = seededRandom(SEED);
  const drawCustomer = createZipf(customers, random);
  return (): number => {
    const customer = drawCustomer();
    const own = Math.floor((endpoints - 1 - customer) / customers) + 1;
    return customer + customers * Math.floor(random() * own);
  };
}

interface Publishing {
  readonly setting: MeasuredSetting;
  readonly ledger: Ledger;
  readonly name: string;
  readonly seconds: number;
  readonly draw: () => number;
}

async function publishAll(
  { number, signal }: BenchContext,
  { setting, ledger, name, seconds, draw }: Publishing,
): Promise<number> {
  const ratePerSecond = number('rate');
  const loop = { ratePerSecond, count: Math.round(ratePerSecond * seconds), signal };
  return await runOpenLoop(loop, async (index) => {
    await setting.publisher.publish(ledger.begin(`${name}-${index}`, draw()));
  });
}

interface Measuring {
  readonly setting: MeasuredSetting;
  readonly receivers: ReceiversApart;
  readonly publish: (
    name: string,
    seconds: number,
  ) => Promise<{ readonly ledger: Ledger; readonly lagMs: number }>;
}

type MeasuredLoad = Pick<RealisticRun, 'ledger' | 'lagMs' | 'spanMs' | 'walBytes' | 'cpu' | 'connections'>;

async function measureLoad(
  context: BenchContext,
  { setting: { installation, postgres }, receivers, publish }: Measuring,
): Promise<MeasuredLoad> {
  const seconds = context.number('seconds');
  context.onProgress(`publishing ${context.number('rate')} a second for ${seconds} s`);
  const opened = await receivers.connections();
  const samples: number[] = [];
  const sampling = setInterval(() => {
    void receivers.connections().then(({ open }) => samples.push(open));
  }, SAMPLE_EVERY_MS);
  const walBefore = await walBytes(postgres);
  const cpu = startCpuSpan(installation.processIds());
  const beganAt = performance.now();
  try {
    const { ledger, lagMs } = await publish('realistic', seconds);
    const spanMs = performance.now() - beganAt;
    const used = cpu.rows(ledger.received);
    const wal = (await walBytes(postgres)) - walBefore;
    const connections = { before: opened, after: await receivers.connections(), samples };
    return { ledger, lagMs, spanMs, walBytes: wal / ledger.received, cpu: used, connections };
  } finally {
    clearInterval(sampling);
  }
}
