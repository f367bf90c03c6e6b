import { isNativeError } from 'node:util/types';
import { ConfigError } from '../settings/config-error.ts';
import { unavailableCodeOf } from '../storage/postgres/database-unavailable.ts';
import { AlreadyRunningError } from './servers/instance-lock.ts';

/**
 * What to tell an operator about a start that failed: the reason alone where they can act on it, else where it arose.
 */
export function describeFailure(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  if (error instanceof ConfigError || error instanceof AlreadyRunningError) return error.message;
  const systemCall = 'syscall' in error ? error.syscall : null;
  if (systemCall === 'listen') return `Cannot listen (HOST, PORT): ${error.message}`;
  if (systemCall === 'getaddrinfo') return `No such host (HOST, DATABASE_URL): ${error.message}`;
  if (isAboutDataDir(error)) return `The data directory cannot be used (POSTHORN_DATA_DIR): ${error.message}`;
  // Files, too, can be ENOENT.
  const isOfNetwork = systemCall === null || systemCall === 'connect';
  const unavailable = isOfNetwork ? unavailableCodeOf(error) : null;
  if (unavailable === 'schema_outdated') return error.message;
  if (unavailable !== null) return `Postgres cannot be used (DATABASE_URL): ${error.message}`;
  return error.stack ?? error.message;
}

/** It is the only directory in which something is made before anything else can fail. */
function isAboutDataDir(error: NodeJS.ErrnoException): boolean {
  if (error.syscall === 'mkdir') return true;
  return error.syscall === 'open' && UNWRITABLE.has(error.code ?? '');
}

const UNWRITABLE: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOSPC']);
