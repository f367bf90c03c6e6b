/** @jest-environment ./test/support/suites/suite-environment.ts */
import { runTogether } from './run-together.ts';

await runTogether('test/api', { part: 1, of: 2 });
