// @ts-check
import { readdirSync } from 'node:fs';

/**
 * Folders of test files that run together where all tests run, each in as many suites as it has parts: files named
 * `<name>-<part>.suite.ts` beside this one. What takes minutes by itself, and what installs a runtime of Temporal's,
 * of which a process has one, is not among them.
 * @type {typeof import("./plan.d.mts").SUITES}
 */
export const SUITES = {
  api: { folders: ['api'], parts: 2 },
  rooms: {
    folders: [
      'activities',
      'bench/load',
      'bench/measure',
      'bench/soaks',
      'dispatch',
      'domain',
      'metrics',
      'sending',
      'settings',
      'signature',
      'supply',
      'tracing',
      'transport',
    ],
    parts: 2,
  },
  storage: { folders: ['storage'], parts: 2 },
};

/** The folders of all suites. @throws Error where a part has no file, or a file no part: tests would not run */
export function gatheredFolders() {
  const wanted = Object.entries(SUITES).flatMap(([name, { parts }]) =>
    Array.from({ length: parts }, (_, index) => `${name}-${index + 1}.suite.ts`),
  );
  const present = readdirSync(new URL('.', import.meta.url)).filter((name) => name.endsWith('.suite.ts'));
  if (wanted.sort().join() !== present.sort().join())
    throw new Error(`the suites are ${present.join(', ')}, and not ${wanted.join(', ')}`);
  return Object.values(SUITES).flatMap(({ folders }) => folders);
}
