import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../../bench/evidence/fault.ts';
import { apiKill, workerKill } from '../../../bench/evidence/faults/process-faults.ts';
import { receiverRefusal } from '../../../bench/evidence/faults/receiver-faults.ts';
import { backendKill } from '../../../bench/evidence/faults/server-faults.ts';
import { inMutatedCopy, MUTANTS } from '../../../bench/evidence/mutants.ts';
import { type LedgerVerdict, type Load, runFaults } from '../../../bench/evidence/run-fault.ts';
import { inScene } from '../../../bench/evidence/scene.ts';
import type { StageServers } from '../../../bench/evidence/stage-servers.ts';
import { isCaught } from '../../../bench/evidence/try-all.ts';
import { TEST_TIMING } from '../../../src/domain/timing.ts';
import { takeNamespace, temporalAddress } from '../../support/runs/temporal.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { createDatabase, type TestDatabase } from '../../support/storage/database.ts';

const SLOW = 240_000;
const SEED = 1;
const LOAD: Load = {
  ratePerSecond: 15,
  calmSeconds: 0.5,
  seconds: 2,
  patienceSeconds: 15,
  timeoutMs: 5_000,
  leaseMarginMs: TEST_TIMING.leaseMarginMs,
};
/** What only has to show that something is wrong needs no second worker; several run at a time. */
const MUTANT_LOAD: Load = { ...LOAD, seconds: 4, workers: 1 };

const { signal } = new AbortController();
const databases: TestDatabase[] = [];
afterAll(async () => {
  for (const database of databases) await database.drop();
});

/** The servers of all tests, which no fault here may stop. */
async function sharedServers(): Promise<StageServers> {
  const database = await createDatabase();
  databases.push(database);
  const refuse = async (): Promise<never> => await Promise.reject(new Error('this server is not ours alone'));
  return {
    postgres: { url: database.url, pid: () => null, stopAtOnce: refuse, startAgain: refuse, stop: refuse },
    temporal: { address: temporalAddress(), pid: () => -1, kill: refuse, startAgain: refuse, stop: refuse },
    postgresDir: '',
    stop: refuse,
  };
}

async function tryFaults(
  faults: readonly Fault[],
  { checkout, load }: { readonly checkout: string | null; readonly load: Load },
): Promise<LedgerVerdict> {
  const servers = await sharedServers();
  const environment = { POSTHORN_TIMING: 'test', TEMPORAL_NAMESPACE: takeNamespace() };
  const random = seededRandom(SEED);
  const options = { servers, checkout, run: String(SEED), environment, random, signal, onProgress: () => {} };
  return await inScene(options, async (scene) => await runFaults(scene, faults, load));
}

describe('ledgers of Posthorn', () => {
  it(
    'show nothing lost and nothing unexpected where workers, the API and connections are killed and receivers refuse',
    async () => {
      const faults = [workerKill, apiKill, backendKill, receiverRefusal];
      const verdict = await tryFaults(faults, { checkout: null, load: LOAD });
      expect(verdict).toMatchObject({ valid: true, lost: 0, unexpected: 0 });
      expect(verdict.acknowledged).toBeGreaterThan(0);
      expect(verdict.delivered).toBeGreaterThanOrEqual(verdict.acknowledged);
    },
    SLOW,
  );
});

describe('ledgers of a broken Posthorn', () => {
  const names = ['wrong-bytes-signed', 'drop-on-500', 'lease-ignored'];
  const mutants = MUTANTS.filter(({ name }) => names.includes(name));
  let verdicts: ReadonlyMap<string, LedgerVerdict>;
  // Side by side, since most of the time each waits.
  beforeAll(async () => {
    const tried = mutants.map(async (mutant) => {
      const verdict = await inMutatedCopy(
        mutant,
        async (checkout) => await tryFaults([mutant.fault], { checkout, load: MUTANT_LOAD }),
      );
      return [mutant.name, verdict] as const;
    });
    verdicts = new Map(await Promise.all(tried));
  }, SLOW);

  it.each(names)('show %s', (name) => {
    const mutant = MUTANTS.find((candidate) => candidate.name === name);
    const verdict = verdicts.get(name);
    if (mutant === undefined || verdict === undefined) throw new Error(`there is no mutant ${name}`);
    expect(verdict).toMatchObject({ valid: false });
    expect(isCaught({ mutant, verdict })).toBe(true);
  });
});
