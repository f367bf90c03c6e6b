import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { removeDirectory } from '../../test/support/remove-directory.ts';
import type { Fault } from './fault.ts';
import { midnight } from './faults/midnight-faults.ts';
import { apiKill, workerKill, workerStop } from './faults/process-faults.ts';
import { receiverRefusal } from './faults/receiver-faults.ts';
import { postgresRestart, temporalFresh } from './faults/server-faults.ts';

/** How a broken promise shows in ledgers: duplicates are those that nothing explains. */
export type Symptom = 'lost' | 'unexpected' | 'duplicated';

/** Posthorn with one promise broken on purpose, by a patch of its source. */
export interface Mutant {
  readonly name: string;
  /** What is broken, for the report. */
  readonly summary: string;
  /** Under which it shows. */
  readonly fault: Fault;
  /** By what the ledgers tell it. */
  readonly shows: Symptom;
  /** Settings with which it shows. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** All mutants; the patch of each lies in `mutants/`. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'accept-before-commit',
    summary: 'events are acknowledged before they are committed',
    fault: postgresRestart,
    shows: 'lost',
  },
  {
    name: 'complete-without-fence',
    summary: 'a result is recorded although its attempt is no longer the current one',
    fault: workerStop,
    shows: 'duplicated',
  },
  {
    name: 'drop-on-500',
    summary: 'what is answered with 5xx counts as delivered',
    fault: receiverRefusal,
    shows: 'lost',
  },
  {
    name: 'no-lease-reclaim',
    summary: 'what a dead worker had claimed is never freed',
    fault: workerKill,
    shows: 'lost',
  },
  {
    name: 'wrong-bytes-signed',
    summary: 'the signature is made over a body without its last byte',
    fault: apiKill,
    shows: 'unexpected',
  },
  {
    name: 'outbox-skipped',
    summary: 'nobody looks for committed deliveries that nobody was told of, or that Temporal has forgotten',
    fault: temporalFresh,
    shows: 'lost',
    environment: { POSTHORN_DISPATCH: 'each' },
  },
  {
    name: 'turn-lost',
    summary: 'a retry that a wave is to make gets no turn',
    fault: receiverRefusal,
    shows: 'lost',
  },
  {
    name: 'lease-ignored',
    summary: 'claims are freed while their worker still sends',
    fault: receiverRefusal,
    shows: 'duplicated',
  },
  {
    name: 'partition-missing',
    summary: 'a day of history is made only once it is over, so that nothing of that day can be kept',
    fault: midnight,
    shows: 'lost',
  },
];

/** Directories of which the copy has its own; everything else of the program is read where it is. */
const COPIED = ['src', 'workflows', 'activities', 'dist/src', 'dist/workflows', 'dist/activities'];
const LINKED = ['node_modules', 'package.json', 'clients', 'tsconfig.json'];
const BUNDLES = ['dist/workflow-bundle.js', 'dist/workflow-bundle-encrypting.js'];

/** Where the patch of a mutant lies. */
export function patchOf({ name }: Pick<Mutant, 'name'>): string {
  return resolve('bench/evidence/mutants', `${name}.patch`);
}

/** The source files that a mutant changes. */
export function filesOf(mutant: Pick<Mutant, 'name'>): readonly string[] {
  return [...readFileSync(patchOf(mutant), 'utf8').matchAll(/^\+\+\+ b\/(.+)$/gm)].map(
    ([, file = '']) => file,
  );
}

/**
 * Runs work with a copy of the built program that a mutant's patch was applied to, and removes the copy.
 * @throws where the patch does not fit the source any more
 */
export async function inMutatedCopy<T>(mutant: Mutant, work: (checkout: string) => Promise<T>): Promise<T> {
  const copy = mkdtempSync(join(tmpdir(), 'posthorn-mutant-'));
  try {
    for (const directory of COPIED) cpSync(resolve(directory), join(copy, directory), { recursive: true });
    for (const file of BUNDLES) cpSync(resolve(file), join(copy, file));
    for (const entry of LINKED) symlinkSync(resolve(entry), join(copy, entry));
    applyPatch(mutant, copy);
    // What is started is compiled too, for otherwise it would be the bundle, which has nothing of the patch.
    const rooms = new Set([...filesOf(mutant).map(dirname), 'src/main']);
    execFileSync(process.execPath, [join(copy, 'src/main/build/compile.mjs'), ...rooms], { cwd: copy });
    return await work(copy);
  } finally {
    removeDirectory(copy);
  }
}

/** Applies the patch of a mutant below a directory, or tells only whether it would fit. @throws where it does not */
export function applyPatch(
  mutant: Pick<Mutant, 'name'>,
  directory: string,
  { isTrial = false }: { readonly isTrial?: boolean } = {},
): void {
  // Below a repository of somebody else's git would skip what that does not know.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(directory) };
  const args = ['apply', ...(isTrial ? ['--check'] : []), '-p1', patchOf(mutant)];
  execFileSync('git', args, { cwd: directory, env, stdio: 'pipe' });
}
