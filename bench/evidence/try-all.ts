import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PRODUCTION_TIMING, TEST_TIMING } from '../../src/domain/timing.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import type { Row } from '../benchmark.ts';
import { loadAverageNow, readConditions } from '../conditions.ts';
import { USUAL_STAGE } from '../stage/stage.ts';
import type { Fault } from './fault.ts';
import { inMutatedCopy, type Mutant, type Symptom } from './mutants.ts';
import { type LedgerVerdict, type Load, runFaults } from './run-fault.ts';
import { inScene, type Scene } from './scene.ts';
import { startStageServers } from './stage-servers.ts';

export interface EvidencePlan {
  readonly seed: number;
  readonly faults: readonly Fault[];
  readonly mutants: readonly Mutant[];
  /** How long each fault lasts. */
  readonly seconds: number;
  readonly ratePerSecond: number;
  /** Where ledgers are kept as they are; nowhere where null. */
  readonly ledgerDir: string | null;
}

/** What came of one fault. Without a verdict it could not be tried here, or the attempt itself broke off. */
export interface FaultResult {
  readonly fault: Fault;
  readonly verdict: LedgerVerdict | null;
  readonly missing: string | null;
  readonly brokeOff: string | null;
  readonly seconds: number;
}

/**
 * Whether the ledgers show that a mutant is broken, and that Posthorn as it is does well under the same fault and seed.
 */
export interface MutantResult {
  readonly mutant: Mutant;
  readonly verdict: LedgerVerdict;
  readonly unmutated: LedgerVerdict;
}

export interface Evidence {
  readonly plan: EvidencePlan;
  readonly conditions: Row;
  readonly faults: readonly FaultResult[];
  readonly mutants: readonly MutantResult[];
  readonly seconds: number;
  /** Nothing lost, nothing unexpected, and every mutant caught. */
  readonly isConvincing: boolean;
}

/** What ledgers can show of a mutant. */
const SYMPTOMS: Readonly<Record<Symptom, (verdict: LedgerVerdict) => number>> = {
  lost: ({ lost }) => lost,
  unexpected: ({ unexpected }) => unexpected,
  duplicated: ({ duplicated }) => duplicated.unexplained ?? 0,
};

interface Running {
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

const CALM_SECONDS = 5;
const PATIENCE_SECONDS = 60;
const MUTANT_SECONDS = 16;
/** With less nothing goes by waves. */
const MUTANT_LEAST_RATE = 40;
/** With the times of tests a mutant has shown by then what it loses. */
const MUTANT_PATIENCE_SECONDS = 20;
const MUTANT_TIMING = { POSTHORN_TIMING: 'test' };
const TIMEOUT_MS = 10_000;
const MUTANT_TIMEOUT_MS = 6_000;

/** Tries all faults one after another, each over servers of its own, and then all mutants. */
export async function tryAll(plan: EvidencePlan, running: Running): Promise<Evidence> {
  const startedAt = performance.now();
  const loadAverage = loadAverageNow();
  let conditions: Row = {};
  const onScene = async (scene: Scene): Promise<void> => {
    conditions = await readConditions(scene.installation, { loadAverage, stage: USUAL_STAGE });
  };
  const faults: FaultResult[] = [];
  for (const fault of plan.faults) faults.push(await tryFault(fault, { plan, onScene, ...running }));
  const mutants: MutantResult[] = [];
  const unmutated = new Map<string, LedgerVerdict>();
  for (const mutant of plan.mutants)
    mutants.push(await tryMutant(mutant, { plan, onScene, unmutated, ...running }));
  return {
    plan,
    conditions,
    faults,
    mutants,
    seconds: Math.round((performance.now() - startedAt) / 1_000),
    isConvincing:
      faults.every(({ verdict, brokeOff }) => verdict?.valid !== false && brokeOff === null) &&
      mutants.every((result) => isCaught(result) && result.unmutated.valid),
  };
}

/**
 * Whether the ledgers of a mutant show what is expected of it. A crash would leave none in which anything was
 * acknowledged.
 */
export function isCaught({ mutant, verdict }: Pick<MutantResult, 'mutant' | 'verdict'>): boolean {
  return verdict.acknowledged > 0 && SYMPTOMS[mutant.shows](verdict) > 0;
}

interface Trying extends Running {
  readonly plan: EvidencePlan;
  readonly onScene: (scene: Scene) => Promise<void>;
}

async function tryFault(fault: Fault, trying: Trying): Promise<FaultResult> {
  const { plan } = trying;
  const missing = fault.missing?.() ?? null;
  if (missing !== null) return { fault, verdict: null, missing, brokeOff: null, seconds: 0 };
  const startedAt = performance.now();
  const load = {
    ratePerSecond: plan.ratePerSecond,
    calmSeconds: CALM_SECONDS,
    seconds: plan.seconds,
    patienceSeconds: PATIENCE_SECONDS,
    timeoutMs: TIMEOUT_MS,
    leaseMarginMs: PRODUCTION_TIMING.leaseMarginMs,
  };
  const seconds = (): number => Math.round((performance.now() - startedAt) / 1_000);
  try {
    const settings = { ...trying, name: fault.name, load, checkout: null, environment: {} };
    const verdict = await tryOn(fault, settings);
    trying.onProgress(`${fault.name}: ${verdict.valid ? 'held' : 'BROKEN'}, ${verdict.lost} lost`);
    return { fault, verdict, missing, brokeOff: null, seconds: seconds() };
  } catch (error) {
    trying.signal.throwIfAborted();
    trying.onProgress(`${fault.name}: broke off: ${String(error)}`);
    return { fault, verdict: null, missing, brokeOff: firstLineOf(error), seconds: seconds() };
  }
}

/** The rest may be the output of a process, which is no part of a report. */
function firstLineOf(error: unknown): string {
  return String(error).split('\n')[0] ?? '';
}

async function tryMutant(
  mutant: Mutant,
  { unmutated, ...trying }: Trying & { readonly unmutated: Map<string, LedgerVerdict> },
): Promise<MutantResult> {
  const { plan, onProgress } = trying;
  const load = {
    ratePerSecond: Math.max(plan.ratePerSecond, MUTANT_LEAST_RATE),
    calmSeconds: 1,
    seconds: MUTANT_SECONDS,
    patienceSeconds: MUTANT_PATIENCE_SECONDS,
    timeoutMs: MUTANT_TIMEOUT_MS,
    leaseMarginMs: TEST_TIMING.leaseMarginMs,
  };
  const settings = { ...trying, load, environment: { ...MUTANT_TIMING, ...mutant.environment } };
  const { name } = mutant.fault;
  const sound =
    unmutated.get(name) ??
    (await tryOn(mutant.fault, { ...settings, name: `${name}-sound`, checkout: null }));
  unmutated.set(name, sound);
  onProgress(`mutant ${mutant.name}`);
  const verdict = await inMutatedCopy(
    mutant,
    async (checkout) => await tryOn(mutant.fault, { ...settings, name: mutant.name, checkout }),
  );
  const result = { mutant, verdict, unmutated: sound };
  onProgress(`${mutant.name}: ${isCaught(result) ? 'caught' : 'NOT CAUGHT'}, ${verdict.lost} lost`);
  return result;
}

async function tryOn(
  fault: Fault,
  {
    plan,
    onScene,
    load,
    ...options
  }: Trying & {
    readonly load: Load;
    /** Of the ledgers, where they are kept. */
    readonly name: string;
    readonly checkout: string | null;
    readonly environment: Readonly<Record<string, string>>;
  },
): Promise<LedgerVerdict> {
  const servers = await (fault.startServers ?? startStageServers)();
  try {
    const random = seededRandom(plan.seed);
    return await inScene({ ...options, servers, run: String(plan.seed), random }, async (scene) => {
      await onScene(scene);
      const verdict = await runFaults(scene, [fault], load);
      keepLedgers(scene.files, { directory: plan.ledgerDir, run: options.name });
      return verdict;
    });
  } finally {
    await servers.stop();
  }
}

function keepLedgers(
  files: readonly string[],
  { directory, run }: { readonly directory: string | null; readonly run: string },
): void {
  if (directory === null) return;
  mkdirSync(directory, { recursive: true });
  for (const file of files) copyFileSync(file, join(directory, `${run}-${basename(file)}`));
}
