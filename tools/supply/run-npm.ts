import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** What npm wrote, and how it ended. */
export interface NpmRun {
  readonly output: string;
  readonly errors: string;
  readonly code: number;
}

/** Runs npm in a directory, the current one by default, to its end: the one that runs us, else the one on PATH. */
export async function runNpm(args: readonly string[], cwd = '.'): Promise<NpmRun> {
  const npm = process.env.npm_execpath;
  const [program, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const child = spawn(program, [...first, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { output, errors, code };
}
