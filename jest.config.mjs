import { fileURLToPath } from 'node:url';
import { SWC_OPTIONS } from './src/main/build/swc-options.mjs';
import { gatheredFolders } from './test/support/suites/plan.mjs';

/**
 * Jest loads what a test file imports anew for each, which takes longer than most of those files: where all tests run,
 * suites run many together. Where files are named they run by themselves.
 */
const runsAll = process.argv.slice(2).every((argument) => argument.startsWith('-'));

export default {
  roots: ['<rootDir>/test'],
  testMatch: runsAll ? ['**/*.test.ts', '**/*.suite.ts'] : ['**/*.test.ts'],
  testPathIgnorePatterns: runsAll ? gatheredFolders().map((folder) => `<rootDir>/test/${folder}/`) : [],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', SWC_OPTIONS] },
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  testSequencer: fileURLToPath(new URL('test/support/suites/longest-first.mjs', import.meta.url)),
  testTimeout: 60_000,
  maxWorkers: 2,
};
