import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { bundleProgram } from './bundle-program.ts';

/** Run after the compiler, from dist/src/main/build: adds to dist what the compiler does not make. */
const DIST = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const ROOT = dirname(DIST);

/** Directories of files that are served or read as they are. */
const ASSETS = ['src/storage/migrations'];

for (const asset of ASSETS) copyAssets(asset);
await bundleWorkflows();
await bundleProgram(DIST);

function copyAssets(directory: string): void {
  const source = join(ROOT, directory);
  if (!existsSync(source)) return;
  const target = join(DIST, directory);
  // Compiled code lies beside some of them, so only what is copied as a whole is emptied first.
  if (directory.endsWith('migrations')) rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  cpSync(source, target, { recursive: true, filter: (path) => extname(path) !== '.ts' });
}

async function bundleWorkflows(): Promise<void> {
  const workflowsPath = join(DIST, 'workflows', 'index.js');
  if (!existsSync(workflowsPath)) return;
  const logger = new DefaultLogger('WARN');
  const failureConverterPath = join(DIST, 'src', 'temporal', 'failure-converter.js');
  const bundles = {
    'workflow-bundle.js': await bundleWorkflowCode({ workflowsPath, logger }),
    // How failures are written is part of a bundle, so workers that encrypt need one of their own.
    'workflow-bundle-encrypting.js': await bundleWorkflowCode({
      workflowsPath,
      logger,
      failureConverterPath,
    }),
  };
  for (const [name, { code }] of Object.entries(bundles)) writeFileSync(join(DIST, name), code);
}
