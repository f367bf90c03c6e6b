import { SWC_OPTIONS } from './src/main/build/swc-options.mjs';

/**
 * Jest loads Nest and Swagger anew for each test file, which takes longer than most of those files: where all tests
 * run, suites run those of the API together. Where files are named they run by themselves.
 */
const runsAll = process.argv.slice(2).every((argument) => argument.startsWith('-'));

export default {
  roots: ['<rootDir>/test'],
  testMatch: runsAll ? ['**/*.test.ts', '**/*.suite.ts'] : ['**/*.test.ts'],
  testPathIgnorePatterns: runsAll ? ['<rootDir>/test/api/'] : [],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', SWC_OPTIONS] },
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  testTimeout: 60_000,
  maxWorkers: 2,
};
