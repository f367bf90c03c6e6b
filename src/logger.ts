import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Members that must never be readable in a log line, wherever callers put them. */
const REDACTED = [
  'secret',
  'secrets',
  'authorization',
  'cookie',
  'adminKey',
  'masterKey',
  'key',
  'databaseUrl',
];

/** The process's logger: one JSON line a fact on stderr, secrets replaced by `[redacted]`. */
export function createLogger(level: string, destination: DestinationStream = pino.destination(2)): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: REDACTED.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
    },
    destination,
  );
}
