import { spawn } from 'node:child_process';

/** Where and with what a command runs. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs a command to its end: whether it succeeded, and what it printed. */
export async function runCommand(
  [program = '', ...args]: readonly string[],
  { cwd, environment = {} }: CommandOptions = {},
): Promise<{ readonly ok: boolean; readonly output: string }> {
  return await new Promise((resolve) => {
    const child = spawn(program, args, {
      ...(cwd !== undefined && { cwd }),
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve({ ok: false, output: String(error) }));
    child.once('close', (code) => resolve({ ok: code === 0, output }));
  });
}
