import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReceiverLanguage } from './receiver-languages.ts';

const page = readFileSync(new URL('../../docs/receive/code.md', import.meta.url), 'utf8');

/** One call of a documented receiver: `verify` answers `true` or `false`, `receive` the delivery id or `none`. */
export interface ReceiverCase {
  readonly mode: 'verify' | 'receive';
  readonly secret: string;
  readonly payload: Buffer;
  readonly signature: string;
  /** The present time, in Unix seconds. */
  readonly atSeconds: number;
}

/** The code of the documented receiver in a language. */
export function receiverBlock({ name }: ReceiverLanguage): string {
  const found = new RegExp(`<!-- receiver:${name} -->\\s*\`\`\`\\w+\\n([\\s\\S]*?)\\n\`\`\``).exec(page);
  return `${found?.[1] ?? ''}\n`;
}

/** Runs the documented receiver over these cases; one answer a case. */
export function runReceiver(language: ReceiverLanguage, cases: readonly ReceiverCase[]): readonly string[] {
  const directory = mkdtempSync(join(tmpdir(), `receiver-${language.name}-`));
  try {
    const [command, ...args] = language.install(receiverBlock(language), directory);
    // From a file, because bash reads a pipe byte by byte.
    writeFileSync(join(directory, 'cases'), cases.map(lineOf).join(''));
    const stdin = openSync(join(directory, 'cases'), 'r');
    const { stdout, stderr } = spawnSync(command, args, {
      cwd: directory,
      stdio: [stdin, 'pipe', 'pipe'],
      encoding: 'utf8',
    });
    closeSync(stdin);
    const answers = stdout.trimEnd().split('\n');
    if (answers.length !== cases.length)
      throw new Error(`The ${language.name} receiver stopped early: ${stderr}`);
    return answers;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function lineOf({ mode, payload, signature, secret, atSeconds }: ReceiverCase): string {
  const parts = [mode, secret, String(atSeconds), signature, payload.toString('base64')];
  return `${parts.map((part) => part || '-').join('\t')}\n`;
}
