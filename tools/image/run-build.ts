import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readCopy, type Stage } from './dockerfile.ts';

/**
 * Does in an empty directory what the steps of a stage do in theirs, with this machine's Node instead of the image it
 * begins with. @throws Error where a step fails
 */
export async function runBuild({ steps }: Stage, directory: string): Promise<void> {
  for (const { keyword, text } of steps) {
    if (keyword === 'COPY') copyContext(text, directory);
    if (keyword === 'RUN') await runStep(text, directory);
  }
}

/** From the checkout, but for what `.dockerignore` names. */
function copyContext(text: string, directory: string): void {
  const ignored = readFileSync('.dockerignore', 'utf8').split('\n');
  const { sources, target } = readCopy(text);
  for (const source of sources) {
    const entries = source === '.' ? readdirSync('.').filter((name) => !ignored.includes(name)) : [source];
    const isDirectory = source === '.' || target.endsWith('/');
    for (const entry of entries)
      cpSync(entry, join(directory, target, isDirectory ? basename(entry) : ''), { recursive: true });
  }
}

async function runStep(command: string, directory: string): Promise<void> {
  process.stderr.write(`RUN ${command}\n`);
  const child = spawn('sh', ['-c', command], { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`"${command}" ended with ${code}`);
}
