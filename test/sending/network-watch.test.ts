import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AttemptOutcome } from '../../src/domain/attempt.ts';
import type { ErrorCode } from '../../src/domain/error-code.ts';
import { SUSPICION_LIMIT_MS, SUSPICIOUS_AFTER_MS } from '../../src/domain/network-guard.ts';
import type { RetryPolicy } from '../../src/domain/retry-schedule.ts';
import { createLogger } from '../../src/logger.ts';
import { createDrainSender, type DrainSender } from '../../src/sending/drain-sender.ts';
import { HealthWatch } from '../../src/sending/health-watch.ts';
import { NetworkWatch } from '../../src/sending/network-watch.ts';
import { AttemptRecorder } from '../../src/storage/claims/attempt-recorder.ts';
import { BreakerStore } from '../../src/storage/gates/breaker-store.ts';
import { NetworkSuspicions } from '../../src/storage/operator/network-suspicions.ts';
import { makeAllDue } from '../support/rows/clock.ts';
import { forgetEndpoints } from '../support/rows/empty.ts';
import { listStatuses } from '../support/rows/endpoints.ts';
import { listBreakers } from '../support/rows/health.ts';
import { listStandings } from '../support/rows/standing.ts';
import { claimDue } from '../support/storage/claim-due.ts';
import { insertDue } from '../support/storage/rows.ts';
import { answered, openStorage, type StorageUnderTest } from '../support/storage/storage.ts';

const HOSTS = ['a', 'b', 'c', 'd', 'e'];
const TWO_RETRIES: RetryPolicy = { strategy: 'schedule', delaysMs: [60_000, 60_000], jitter: 0 };
const FAILURES_TO_OPEN = 10;

let storage: StorageUnderTest;
let suspicions: NetworkSuspicions;
let network: NetworkWatch;
let health: HealthWatch;
let now: number;
let endpointIds: readonly string[];
let sendClaimed: DrainSender;
/** What hosts answer; those that are not named cannot be reached. */
let answers: Readonly<Record<string, number>>;

beforeAll(async () => {
  storage = await openStorage();
  suspicions = new NetworkSuspicions(storage.database);
});
afterAll(() => storage.close());

beforeEach(async () => {
  await forgetEndpoints(storage.database.pool);
  now = Date.now();
  answers = {};
  const logger = createLogger('silent');
  network = new NetworkWatch({ suspicions, worker: 'one', timing: storage.timing, logger, clock: () => now });
  for (const host of HOSTS) network.note(`https://${host}.example/`, answered(200));
  health = new HealthWatch({
    breakers: new BreakerStore(storage.database),
    endpointSwitch: storage.endpointSwitch,
    wakeGate: async () => {},
    logger,
  });
  endpointIds = await Promise.all(
    HOSTS.map((host) => storage.endpoint({ url: `https://${host}.example/hook`, retry: TWO_RETRIES })),
  );
  sendClaimed = createDrainSender({
    ...storage,
    network,
    recorder: new AttemptRecorder(storage.database, { onRecorded: health.take }),
    send: async ({ url }) => outcomeOf(answers[new URL(url).hostname.slice(0, 1)]),
    startRun: async () => {
      throw new Error('14 UNAVAILABLE');
    },
    returnToWaves: async (claim) => await storage.overdue.returnToWaves(claim),
    onLeft: () => {},
    logger,
    userAgent: 'Posthorn/test',
    headerPrefix: 'X-Webhook-',
  });
});
afterEach(() => network.close());

function outcomeOf(statusCode: number | undefined): AttemptOutcome {
  if (statusCode !== undefined) return answered(statusCode);
  return unreachable('connection_timeout');
}

function unreachable(errorCode: ErrorCode): AttemptOutcome {
  return { ...answered(503), statusCode: null, errorCode, response: null, remoteAddress: null };
}

/** Sends everything that is open once, whenever it is due, and counts what came of it. */
async function sendAll(): Promise<void> {
  await makeAllDue(storage.database.pool);
  const { claims } = await claimDue(storage.waveClaims);
  await Promise.all(claims.map(async (claim) => await sendClaimed([claim], () => {})));
  await health.untilIdle();
}

async function insertForEach(count: number): Promise<void> {
  for (const endpointId of endpointIds) await insertDue(storage.database.pool, { endpointId, count });
}

async function deliveries(): Promise<readonly unknown[]> {
  return await listStandings(storage.database.pool);
}

async function breakers(): Promise<readonly string[]> {
  return await listBreakers(storage.database.pool);
}

/** All hosts begin to fail at one time, and have for long enough. */
async function failUntilSuspected(): Promise<void> {
  await sendAll();
  now += SUSPICIOUS_AFTER_MS;
}

describe('while many hosts fail at once and none is reached', () => {
  it('takes no retries, lets nothing die, opens no breaker, and disables nobody', async () => {
    await insertForEach(2);
    await failUntilSuspected();
    expect(await deliveries()).toEqual([{ status: 'retrying', retries_used: 1, attempts_made: 1 }]);
    for (let round = 0; round < FAILURES_TO_OPEN; round += 1) await sendAll();
    expect(await deliveries()).toEqual([
      { status: 'retrying', retries_used: 1, attempts_made: FAILURES_TO_OPEN + 1 },
    ]);
    expect(await breakers()).toEqual(HOSTS.map(() => 'closed'));
    expect(await listStatuses(storage.database.pool)).toEqual([{ status: 'enabled', disabled_reason: null }]);
  });

  it('says so in Postgres, until one is reached', async () => {
    await insertForEach(1);
    await failUntilSuspected();
    expect(await suspicions.current()).toBeNull();
    await sendAll();
    await network.untilIdle();
    expect(await suspicions.current()).toEqual({ workers: 1, since: new Date(now) });
    answers = { a: 200 };
    await sendAll();
    await network.untilIdle();
    expect(await suspicions.current()).toBeNull();
  });

  it('counts again once one is reached', async () => {
    await insertForEach(1);
    await failUntilSuspected();
    await sendAll();
    network.note('https://f.example/', answered(500));
    await sendAll();
    await sendAll();
    expect(await deliveries()).toEqual([{ status: 'dead', retries_used: 2, attempts_made: 4 }]);
  });

  it('counts again after an hour', async () => {
    await insertForEach(1);
    await failUntilSuspected();
    await sendAll();
    now += SUSPICION_LIMIT_MS;
    await sendAll();
    await sendAll();
    expect(await deliveries()).toEqual([{ status: 'dead', retries_used: 2, attempts_made: 4 }]);
  });
});

describe('NetworkWatch', () => {
  it('suspects after the time it was given', () => {
    const times = { afterMs: 100, limitMs: 1_000 };
    const quick = new NetworkWatch({
      suspicions,
      worker: 'two',
      timing: storage.timing,
      logger: createLogger('silent'),
      times,
      clock: () => now,
    });
    for (const host of HOSTS) quick.note(`https://${host}/`, answered(200));
    const note = (): boolean[] =>
      HOSTS.map((host) => quick.note(`https://${host}/`, unreachable('dns_failed')).isExcused);
    expect(note()).toEqual(HOSTS.map(() => false));
    now += 100;
    expect(note()).toEqual(HOSTS.map(() => true));
  });

  it('lays to nobody’s charge what says nothing about the network, and excuses no answer', async () => {
    const note = (host: string, outcome: AttemptOutcome) => network.note(`https://${host}.example/`, outcome);
    for (const host of HOSTS) note(host, unreachable('dns_failed'));
    now += SUSPICIOUS_AFTER_MS;
    expect(note('a', unreachable('tls_certificate_invalid'))).toEqual({
      isSuspected: true,
      isExcused: false,
    });
    expect(note('a', unreachable('connection_refused'))).toEqual({ isSuspected: true, isExcused: true });
    expect(note('a', answered(503))).toEqual({ isSuspected: false, isExcused: false });
  });

  it('keeps quiet about two hosts, however long they fail', async () => {
    for (let round = 0; round < 5; round += 1) {
      for (const host of ['a', 'b']) network.note(`https://${host}.example/`, unreachable('dns_failed'));
      now += SUSPICIOUS_AFTER_MS;
    }
    await network.untilIdle();
    expect(await suspicions.current()).toBeNull();
  });

  it('keeps quiet about hosts that it never reached, however many fail', async () => {
    for (let round = 0; round < 2; round += 1) {
      for (let host = 0; host < 10; host += 1)
        expect(network.note(`https://broken${host}.example/`, unreachable('dns_not_found'))).toEqual({
          isSuspected: false,
          isExcused: false,
        });
      now += SUSPICIOUS_AFTER_MS;
    }
    await network.untilIdle();
    expect(await suspicions.current()).toBeNull();
  });

  it('takes back what it said when it ends', async () => {
    for (const host of HOSTS) network.note(`https://${host}.example/`, unreachable('dns_failed'));
    now += SUSPICIOUS_AFTER_MS;
    network.note('https://a.example/', unreachable('dns_failed'));
    await network.untilIdle();
    expect(await suspicions.current()).toMatchObject({ workers: 1 });
    await network.close();
    expect(await suspicions.current()).toBeNull();
  });
});
