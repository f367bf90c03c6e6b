/** @jest-environment ./test/support/suites/suite-environment.ts */
import { runTogether } from './run-together.ts';

await runTogether('rooms', 2);
