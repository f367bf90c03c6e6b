import { writeSync } from 'node:fs';
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';

export type { Logger } from 'pino';

/** Members that must never be readable in a log line, wherever callers put them. */
const SECRET_MEMBERS: ReadonlySet<string> = new Set([
  'secret',
  'secrets',
  'authorization',
  'cookie',
  'adminKey',
  'masterKeys',
  'key',
  'databaseUrl',
]);
const DEEPEST = 3;
const CENSOR = '[redacted]';
const STDERR = 2;
/** A system call a line took a twentieth of a busy worker's time. */
const TOGETHER = { characters: 8_192, everyMs: 100 };
/** Whatever somebody should look at is written at once. */
const AT_ONCE_LEVEL = 40;

/** A logger that writes one JSON line a fact, on stderr by default, secrets replaced by `[redacted]`. */
export function createLogger(
  level: string,
  destination: DestinationStream = pino.destination(STDERR),
): Logger {
  return pino(optionsOf(level), destination);
}

/**
 * The same on stderr for a process that has much to say. Lines are written together, a tenth of a second late at most;
 * warnings and errors, with all before them, at once. Nobody waits for whoever reads them.
 */
export function createProcessLogger(level: string): Logger {
  const lines = new LinesTogether(STDERR);
  setInterval(() => lines.flush(), TOGETHER.everyMs).unref();
  process.once('exit', () => lines.end());
  return pino(
    {
      ...optionsOf(level),
      hooks: {
        logMethod(line, write, number) {
          write.apply(this, line);
          if (number >= AT_ONCE_LEVEL) lines.flush();
        },
      },
    },
    lines,
  );
}

class LinesTogether implements DestinationStream {
  readonly #descriptor: number;
  /** Writes in the background; what it has not written when the process exits it writes then. */
  readonly #out: DestinationStream;
  #waiting = '';

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
    this.#out = pino.destination(descriptor);
  }

  write(line: string): void {
    this.#waiting += line;
    if (this.#waiting.length >= TOGETHER.characters) this.flush();
  }

  flush(): void {
    if (this.#waiting === '') return;
    const lines = this.#waiting;
    this.#waiting = '';
    this.#out.write(lines);
  }

  /** The process exits now, and has written what was handed over before. */
  end(): void {
    try {
      writeSync(this.#descriptor, this.#waiting);
    } catch {
      // Nobody reads it any more.
    }
  }
}

function optionsOf(level: string): LoggerOptions {
  return {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { log: (line) => redact(line, DEEPEST) },
  };
}

/** Written by hand, for pino's own redaction by wildcards took a tenth of a busy worker's time. */
function redact(members: Readonly<Record<string, unknown>>, depth: number): Record<string, unknown> {
  const readable: Record<string, unknown> = {};
  for (const name in members) {
    const value = members[name];
    if (SECRET_MEMBERS.has(name)) readable[name] = CENSOR;
    else if (depth > 1 && isPlain(value)) readable[name] = redact(value, depth - 1);
    else readable[name] = value;
  }
  return readable;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
