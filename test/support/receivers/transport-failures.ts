import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DestinationRules } from '../../../src/transport/destinations/destination-rules.ts';
import { createSender, type Sender } from '../../../src/transport/sender.ts';
import { type Certificates, createCertificates } from './certificates.ts';
import { flood, listen, type MisbehavingReceiver, type Misbehaviour } from './misbehaving-receiver.ts';

/** What a run of failures came to. */
export interface FailureRun {
  /** How often each code came; a success counts as `none`. */
  readonly codes: Readonly<Record<string, number>>;
  /** Growth of heap and buffers from after the first fifth to the end, garbage collected. */
  readonly grownBytes: number;
}

const SIDE_BY_SIDE = 20;
/** For receivers that answer: long, so that a busy machine does not turn their failures into another. */
const PATIENT_MS = 60_000;
/** For receivers that never do. */
const HASTY_MS = 100;

/**
 * Sends `count` requests, each failing in one of the ways that could cost memory, and returns when every connection is
 * closed again. A few hundred belong in `npm test`, ten thousand in the soak.
 */
export async function runTransportFailures(count: number): Promise<FailureRun> {
  const certificates = await createCertificates();
  const receivers = await startReceivers(certificates);
  const sender = createSender({
    rules: new DestinationRules({ allowed: ['127.0.0.1'] }),
    lookup: async (name) => (name === 'unknown.example' ? [] : ['127.0.0.1']),
    ca: [certificates.authority],
  });
  const targets = [
    { url: 'https://unknown.example/', timeoutMs: PATIENT_MS },
    { url: 'https://10.0.0.1/', timeoutMs: PATIENT_MS },
    ...receivers,
  ];
  const codes: Record<string, number> = {};
  const warmUp = Math.ceil(count / 5);
  await sendInTurn(sender, { targets, count: warmUp, codes });
  const before = usedBytes();
  await sendInTurn(sender, { targets, count: count - warmUp, codes });
  const grownBytes = usedBytes() - before;
  await sender.close();
  await Promise.all(receivers.map(({ receiver }) => receiver.allClosed().then(receiver.close)));
  return { codes, grownBytes };
}

interface Target {
  readonly url: string;
  readonly timeoutMs: number;
}

interface FailingReceiver extends Target {
  readonly receiver: MisbehavingReceiver;
}

const HEAD = 'HTTP/1.1 200 OK\r\n';

const FAILING: readonly Misbehaviour[] = [
  (socket) => socket.destroy(),
  (socket) => socket.once('data', () => socket.resetAndDestroy()),
  (socket) => socket.end(`${HEAD}content-length: 9\r\n\r\nshort`),
  (socket) => socket.end('no HTTP\r\n'),
  flood(HEAD, `x: ${'a'.repeat(1_000)}\r\n`),
  flood(`${HEAD}\r\n`, Buffer.alloc(65_536)),
];

async function startReceivers(certificates: Certificates): Promise<FailingReceiver[]> {
  const { expired, selfSigned, wrongName, valid } = certificates;
  const failingTls = [
    expired,
    selfSigned,
    wrongName,
    { ...valid, maxVersion: 'TLSv1.2' as const },
    { ...valid, requestCert: true, ca: certificates.authority },
  ];
  const interimAnswers = flood('', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(100));
  return await Promise.all([
    ...failingTls.map((tls) => startOne(listen(silence, tls), 'https', PATIENT_MS)),
    ...FAILING.map((misbehave) => startOne(listen(misbehave), 'http', PATIENT_MS)),
    startOne(listen(interimAnswers), 'http', HASTY_MS),
    startOne(listen(silence), 'http', HASTY_MS),
    startOne(listen(silence), 'https', HASTY_MS),
  ]);
}

function silence(): void {}

async function startOne(
  starting: Promise<MisbehavingReceiver>,
  scheme: string,
  timeoutMs: number,
): Promise<FailingReceiver> {
  const receiver = await starting;
  return { receiver, url: `${scheme}://receiver.example:${receiver.port}/`, timeoutMs };
}

interface Round {
  readonly targets: readonly Target[];
  readonly count: number;
  readonly codes: Record<string, number>;
}

async function sendInTurn(sender: Sender, { targets, count, codes }: Round): Promise<void> {
  let started = 0;
  const sendNext = async (): Promise<void> => {
    for (let target = targets[started++ % targets.length]; target !== undefined && started <= count; ) {
      const { errorCode } = await sender.send({ url: target.url, headers: {}, body: '{}' }, target);
      codes[errorCode ?? 'none'] = (codes[errorCode ?? 'none'] ?? 0) + 1;
      target = targets[started++ % targets.length];
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, sendNext));
}

function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
