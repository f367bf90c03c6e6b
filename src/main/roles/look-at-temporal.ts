import { readTemporalConfig } from '../../config.ts';
import { checkTemporal } from '../check-temporal.ts';
import { describeFailure } from '../describe-failure.ts';

/** `posthorn temporal`: looks whether Temporal can be used, and says what is to be created there. */
export async function lookAtTemporal(): Promise<void> {
  try {
    const { text, exitCode } = await checkTemporal(readTemporalConfig());
    (exitCode === 0 ? process.stdout : process.stderr).write(text);
    process.exitCode = exitCode;
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exitCode = 1;
  }
}
