import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Io } from '../../../clients/cli/io.ts';
import { runCli } from '../../../clients/cli/run.ts';

/** How a command line ended, and what it wrote. */
export interface CliRun {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Parts of the surroundings that a test sets. */
export interface Surroundings {
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly isTerminal?: boolean;
  /** What the person at the keyboard answers; nobody is there where it is absent. */
  readonly answer?: string;
  readonly signal?: AbortSignal;
  /** Sees standard output as it is written. */
  readonly onOut?: (text: string) => void;
  /** Sees standard error as it is written. */
  readonly onErr?: (text: string) => void;
}

/** The command line in a directory of its own, without any of the environment of the tests. */
export interface Cli {
  readonly directory: string;
  run(args: readonly string[], surroundings?: Surroundings): Promise<CliRun>;
  remove(): void;
}

/** @param environment what every run has, such as POSTHORN_URL and POSTHORN_API_KEY */
export function createCli(environment: Readonly<Record<string, string>> = {}): Cli {
  const directory = mkdtempSync(join(tmpdir(), 'posthorn-cli-'));
  return {
    directory,
    async run(args, surroundings = {}) {
      const { input = '', isTerminal = false, answer, onOut = () => {}, onErr = () => {} } = surroundings;
      let out = '';
      let err = '';
      const io: Io = {
        environment: { HOME: directory, ...environment, ...surroundings.environment },
        directory,
        out: (text) => {
          out += text;
          onOut(text);
        },
        err: (text) => {
          err += text;
          onErr(text);
        },
        readInput: async () => Buffer.from(input),
        ask: answer === undefined ? null : async () => answer,
        isTerminal,
        signal: surroundings.signal ?? new AbortController().signal,
      };
      const exitCode = await runCli(args, io);
      return { exitCode, out, err };
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
