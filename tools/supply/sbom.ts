import { readFileSync } from 'node:fs';
import { describeRelease } from './describe-release.ts';
import { runNpm } from './run-npm.ts';

/** From the lockfile, so that the same release has the same list wherever it is made, whatever is installed there. */
const NPM_ARGS = [
  'sbom',
  '--sbom-format=cyclonedx',
  '--sbom-type=application',
  '--package-lock-only',
  '--include=dev',
];

const { output, errors, code } = await runNpm(NPM_ARGS);
if (code === 0) {
  const document = describeRelease(JSON.parse(output), {
    packageJson: read('package.json'),
    lock: read('package-lock.json'),
  });
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
} else {
  process.stderr.write(errors);
  process.exitCode = 1;
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
