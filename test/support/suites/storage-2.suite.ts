/** @jest-environment ./test/support/suites/suite-environment.ts */
import { runTogether } from './run-together.ts';

await runTogether('storage', 2);
