import { isNativeError } from 'node:util/types';

/** Why a database cannot be used: it cannot be connected to, or has not the schema that this program was made for. */
export type UnavailableCode = 'database_unavailable' | 'schema_outdated';

/** The database cannot be used now, whatever one asks of it; the message is for operators. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
  readonly code: UnavailableCode;

  constructor(code: UnavailableCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What made it impossible to use a database, as `DatabaseUnavailable` with a sentence. */
export function asUnavailable(cause: unknown): DatabaseUnavailable {
  if (cause instanceof DatabaseUnavailable) return cause;
  return new DatabaseUnavailable('database_unavailable', sayWhy(cause), { cause });
}

/** A host name with several addresses fails once for each, and says nothing itself. */
function sayWhy(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  if ('errors' in error && Array.isArray(error.errors)) return error.errors.map(sayWhy).join(', ');
  return error.message;
}

/**
 * Why the database cannot be used, where that is what an error or what caused it says; null where Postgres refused a
 * statement, or it is about something else.
 */
export function unavailableCodeOf(error: unknown): UnavailableCode | null {
  // Errors of sockets belong to Node's own realm, for which `instanceof` fails inside another (as tests are).
  if (!isNativeError(error)) return null;
  if (error instanceof DatabaseUnavailable) return error.code;
  const behind = unavailableCodeOf(error.cause);
  if (behind !== null) return behind;
  const code = 'code' in error ? String(error.code) : '';
  const isLost = LOST_STATES.test(code) || LOST_SOCKETS.test(code) || LOST_CLIENTS.test(error.message);
  return isLost ? 'database_unavailable' : null;
}

/** Whether an error means that the database cannot be used, rather than that it refused a statement. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return unavailableCodeOf(error) !== null;
}

/** SQL states: connections, operators' interventions, lack of resources, and a server that may only be read. */
const LOST_STATES = /^(08|57P|53|25006)/;
const LOST_SOCKETS = /^E(CONN|PIPE|HOST|NET|TIMEDOUT|NOENT)/;
const LOST_CLIENTS =
  /connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|Query read timeout/i;
