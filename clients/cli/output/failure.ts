import { isNativeError } from 'node:util/types';
import { PosthornProblem, PosthornUnreachable } from '../../typescript/problem.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { Declined, UsageError } from '../usage-error.ts';
import { printable } from './text.ts';

/** What to tell of an error, and how to end. */
export interface Failure {
  readonly text: string;
  readonly exitCode: ExitCode;
}

/** The words for people and the number for scripts; what is no mistake of theirs comes with its stack. */
export function describeFailure(error: unknown, { isVerbose }: { readonly isVerbose: boolean }): Failure {
  if (error instanceof PosthornProblem) return describeProblem(error);
  if (error instanceof PosthornUnreachable) {
    const cause = isVerbose && isNativeError(error.cause) ? `: ${reasonOf(error.cause)}` : '';
    return { text: `${error.message}${cause}\ntry: posthorn doctor\n`, exitCode: EXIT.unreachable };
  }
  if (error instanceof UsageError) return { text: `${error.message}\n`, exitCode: EXIT.usage };
  if (error instanceof Declined) return { text: `${error.message}\n`, exitCode: EXIT.failed };
  if (error instanceof Error && error.name === 'AbortError') return { text: '', exitCode: EXIT.interrupted };
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { text: `${text}\n`, exitCode: EXIT.failed };
}

function describeProblem({ message, errors, code, status, requestId }: PosthornProblem): Failure {
  const faults = errors.map(({ detail, pointer, parameter }) => `  ${pointer ?? parameter ?? ''}: ${detail}`);
  const next = nextCommand(status);
  const lines = [
    message,
    ...faults,
    `code ${code}, request ${requestId}`,
    ...(next === null ? [] : [`try: ${next}`]),
  ];
  return { text: `${lines.map(printable).join('\n')}\n`, exitCode: exitCodeOf(status) };
}

function exitCodeOf(status: number): ExitCode {
  if (status === 404) return EXIT.notFound;
  if (status === 401 || status === 403) return EXIT.keyRefused;
  if (status === 429 || status >= 500) return EXIT.unreachable;
  return EXIT.invalid;
}

function nextCommand(status: number): string | null {
  if (status === 401) return 'posthorn login, or posthorn whoami to see which key is used';
  if (status === 403) return 'posthorn keys create --scopes …, with a key that may do more';
  if (status >= 500) return 'posthorn doctor';
  return null;
}

/** What an error says, its deepest cause; some have a code and no words. */
export function reasonOf(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  if (error.cause !== undefined) return reasonOf(error.cause);
  return error.message || ('code' in error ? String(error.code) : error.name);
}
