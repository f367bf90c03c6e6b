import { isNativeError } from 'node:util/types';
import { DomainError } from '../domain/errors.ts';
import { ConfigError } from '../settings/config-error.ts';
import { isDatabaseUnavailable } from '../storage/postgres/database.ts';
import { AlreadyRunningError } from './servers/instance-lock.ts';

const MEANT_TO_BE_READ = [ConfigError, AlreadyRunningError, DomainError];

/** What to tell an operator about a start that failed: the reason alone where they can act on it, else where it arose. */
export function describeFailure(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  if (MEANT_TO_BE_READ.some((kind) => error instanceof kind)) return error.message;
  const systemCall = 'syscall' in error ? error.syscall : null;
  if (systemCall === 'listen') return `Cannot listen (HOST, PORT): ${error.message}`;
  if (systemCall === 'getaddrinfo') return `No such host (HOST, DATABASE_URL): ${error.message}`;
  // Files, too, can be ENOENT.
  const isOfNetwork = systemCall === null || systemCall === 'connect';
  if (isOfNetwork && isDatabaseUnavailable(error))
    return `Postgres cannot be reached (DATABASE_URL): ${error.message}`;
  return error.stack ?? error.message;
}
