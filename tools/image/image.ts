import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDockerfile } from './dockerfile.ts';
import { runBuild } from './run-build.ts';

/**
 * `npm run image`: does the steps of the Dockerfile without an engine, and runs what they make under the test of the
 * image, which otherwise takes the checkout's own build.
 */
const directory = mkdtempSync(join(tmpdir(), 'posthorn-image-'));
try {
  const built = join(directory, 'built');
  mkdirSync(built);
  const [build] = readDockerfile(readFileSync('Dockerfile', 'utf8'));
  if (build === undefined) throw new Error('the Dockerfile has no stage');
  await runBuild(build, built);
  const test = spawn('npm', ['test', '--', 'test/deploy/image.test.ts'], {
    env: { ...process.env, POSTHORN_IMAGE_BUILT: built },
    stdio: 'inherit',
  });
  const [code] = await once(test, 'close');
  process.exitCode = code ?? 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
