#!/usr/bin/env node
import { createInterface } from 'node:readline/promises';
import { buffer } from 'node:stream/consumers';
import { runCli } from './run.ts';

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
// Who reads us may stop reading, as `head` does.
process.stdout.on('error', () => process.exit());

process.exitCode = await runCli(process.argv.slice(2), {
  environment: process.env,
  directory: process.cwd(),
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  readInput: async () => await buffer(process.stdin),
  ask: process.stdin.isTTY && process.stderr.isTTY ? ask : null,
  isTerminal: process.stdout.isTTY === true,
  signal: interruption.signal,
});

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question, { signal: interruption.signal });
  } finally {
    terminal.close();
  }
}
