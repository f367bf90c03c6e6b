import { createHmac } from 'node:crypto';
import { generateSecret } from '../../src/signature/secret.ts';
import { signDelivery } from '../../src/signature/sign.ts';
import { DestinationRules } from '../../src/transport/destinations/destination-rules.ts';
import { createSender, type Sender } from '../../src/transport/sender.ts';
import { type Certificates, createCertificates } from '../../test/support/receivers/certificates.ts';
import type { BenchContext, Benchmark, BenchReport } from '../benchmark.ts';
import { runClosedLoop } from '../load/closed-loop.ts';
import { lossesIn, runLoad } from '../load/load.ts';
import { EVENT_BYTES, eventBody } from '../load/publisher.ts';
import { rateOf, rateOfCalls } from '../load/rate.ts';
import { type MeasuredSetting, measureIn, warmUp } from '../measure/measure-in.ts';
import { type LadderReceiverOptions, startLadderReceiver } from '../stage/ladder-receiver.ts';
import { openLadderStorage } from '../stage/ladder-storage.ts';

/** What each step from a bare HMAC to a whole delivery costs. */
export const ladder: Benchmark = {
  name: 'ladder',
  summary:
    'from HMAC only over plain POST and TLS to the full path: what each step costs, as ratios to plain POST',
  options: {
    seconds: { kind: 'number', summary: 'seconds a rung', fallback: 3, least: 0.1, most: 600 },
    'side-by-side': { kind: 'number', summary: 'requests at a time', fallback: 100, least: 1, most: 128 },
    events: {
      kind: 'number',
      summary: 'events of the last two rungs',
      fallback: 10_000,
      least: 1,
      most: 1_000_000,
    },
  },
  run,
};

const DATA: string = JSON.stringify(JSON.parse(eventBody({ jobId: 'ladder', endpoint: 0 })).data);
const TIMEOUT_MS = 30_000;
const WARM_UP_EVENTS = 500;
const PLAIN = 'raw: + POST plain';

async function run(context: BenchContext): Promise<BenchReport> {
  const [events, sideBySide] = [context.number('events'), context.number('side-by-side')];
  const conditions = { side_by_side: sideBySide, events, event_bytes: EVENT_BYTES };
  return await measureIn(context, { conditions, rawConnections: sideBySide }, async (setting) => {
    const certificates = await createCertificates();
    const sender = createSender({
      rules: new DestinationRules({ allowed: ['127.0.0.1'] }),
      ca: [certificates.authority],
    });
    try {
      return await climb(context, { setting, sender, certificates });
    } finally {
      await sender.close();
    }
  });
}

interface Means {
  readonly setting: MeasuredSetting;
  readonly sender: Sender;
  readonly certificates: Certificates;
}

async function climb(context: BenchContext, means: Means): Promise<Omit<BenchReport, 'conditions'>> {
  const seconds = context.number('seconds');
  const certificate = means.certificates.address;
  context.onProgress('signing and posting');
  const rungs: [name: string, perSecond: number][] = [
    ['HMAC only', rateOfCalls(seconds, hmacOnly())],
    ['+ body built, all signatures', rateOfCalls(seconds, signOne)],
    [PLAIN, await measurePosts(context, means, { keepAlive: true })],
    ['+ TLS 1.3, kept alive', await measurePosts(context, means, { keepAlive: true, certificate })],
    ['+ TLS 1.3, a connection each', await measurePosts(context, means, { keepAlive: false, certificate })],
    ['plain + claim and record', await measureStorage(context, means)],
  ];
  const { setting } = means;
  const [events, publishers] = [context.number('events'), context.number('side-by-side')];
  context.onProgress(`publishing ${events} events for the full path`);
  await setting.installation.startWorker();
  await setting.createEndpoint(0);
  await warmUp(setting, { ...context, events: Math.min(WARM_UP_EVENTS, events), sideBySide: publishers });
  const load = await runLoad(setting, { name: 'full', events, publishers, signal: context.signal });
  rungs.push(['full path', load.deliveredPerSecond]);
  const raw = rungs.find(([name]) => name === PLAIN)?.[1] ?? Number.NaN;
  return {
    tables: {
      ladder: rungs.map(([rung, perSecond]) => ({
        rung,
        per_second: perSecond,
        us_each: 1e6 / perSecond,
        of_raw: perSecond / raw,
      })),
      cpu_by_process_on_the_full_path: load.cpu,
    },
    flaws: lossesIn(load.counts, 'full path'),
  };
}

const SECRETS = { primary: generateSecret(), additional: [] };

function hmacOnly(): () => unknown {
  const body = signOne().body;
  return () => createHmac('sha256', SECRETS.primary).update(body).digest('hex');
}

function signOne() {
  return signDelivery({
    event: 'job.completed',
    deliveryId: 'del_01JD00000000000000000000AB',
    attempt: 1,
    dataText: DATA,
    timestamp: new Date(),
    secrets: SECRETS,
  });
}

async function measurePosts(
  { number, signal }: BenchContext,
  { sender }: Means,
  options: LadderReceiverOptions,
): Promise<number> {
  const receiver = await startLadderReceiver(options);
  const rate = { seconds: number('seconds'), sideBySide: number('side-by-side'), signal };
  try {
    return await rateOf(rate, async () => {
      const { body, headers } = signOne();
      const outcome = await sender.send(
        { url: receiver.url, headers: { ...headers, 'Content-Type': 'application/json' }, body },
        { timeoutMs: TIMEOUT_MS },
      );
      if (outcome.errorCode !== null) throw new Error(`a POST of the ladder failed: ${outcome.errorDetail}`);
    });
  } finally {
    await receiver.close();
  }
}

/** One warm half, one measured half of the deliveries. */
async function measureStorage(
  { number, signal, onProgress }: BenchContext,
  { sender, setting }: Means,
): Promise<number> {
  onProgress('claiming and recording');
  const receiver = await startLadderReceiver({ keepAlive: true });
  const { databaseUrl } = setting.installation;
  const [count, sideBySide] = [number('events'), number('side-by-side')];
  const storage = await openLadderStorage({ databaseUrl, receiverUrl: receiver.url, send: sender.send });
  try {
    await storage.fill(2 * count, DATA);
    const loop = { count, sideBySide, signal };
    await runClosedLoop(loop, storage.attemptNext);
    const began = performance.now();
    await runClosedLoop(loop, storage.attemptNext);
    return (count * 1_000) / (performance.now() - began);
  } finally {
    await storage.close();
    await receiver.close();
  }
}
