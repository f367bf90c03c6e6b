import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** A process of Posthorn's under test. */
export interface RunningProcess {
  readonly pid: number;
  /** What was written so far, standard output and error together; of very much the latest megabytes. */
  output(): string;
  /** The first match of this in the output, past or future. @throws Error when the process ends before, or in time */
  waitForOutput(pattern: RegExp, timeoutMs?: number): Promise<RegExpMatchArray>;
  /** Sends a signal to this process alone, as `kill` does. */
  kill(signal: NodeJS.Signals): void;
  /** How it ended: `code 0`, `signal SIGKILL`. */
  readonly ended: Promise<string>;
  /** Sends SIGTERM (then, if it must, SIGKILL) and waits for the end. */
  stop(): Promise<string>;
}

/** Starts processes and can end all that are left; call `stopAll` in `afterAll`. */
export interface ProcessGroup {
  /**
   * Runs the built program (ours where none is named): `posthorn <role>` with nothing of our environment but PATH and
   * HOME, and figures at any free port.
   */
  startRole(role: string, environment: Readonly<Record<string, string>>, program?: string): RunningProcess;
  /** Runs any program likewise. */
  start(
    command: string,
    args: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ): RunningProcess;
  stopAll(): Promise<void>;
}

/** As the container image starts it. */
const NODE_ARGS = ['--enable-source-maps', '--max-semi-space-size=64'];
const PROGRAM = resolve('dist/src/main/posthorn.js');
/** Shorter than a test may take, so that what was written so far gets into the report. */
const DEFAULT_TIMEOUT_MS = 45_000;
const GRACE_MS = 20_000;
/** The usual port is for whoever runs a Posthorn on this machine. */
const FIGURES = { POSTHORN_METRICS_PORT: '0' };
/** A worker writes a line an attempt; a hundred thousand of them would fill our memory. */
const KEPT_OUTPUT = 4 * 1_024 * 1_024;

/** A group of processes that end with the test file that made it. */
export function createProcessGroup(): ProcessGroup {
  const running = new Set<RunningProcess>();
  const start: ProcessGroup['start'] = (command, args, environment = {}) => {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(command, args, {
      env: { PATH, HOME, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const control = controlOf(child);
    running.add(control);
    void control.ended.then(() => running.delete(control));
    return control;
  };
  return {
    start,
    startRole(role, environment, program = PROGRAM) {
      if (!existsSync(program)) throw new Error(`${program} is missing: run "npm run build" first`);
      return start(process.execPath, [...NODE_ARGS, program, role], { ...FIGURES, ...environment });
    },
    async stopAll() {
      await Promise.all([...running].map((process) => process.stop()));
    },
  };
}

function controlOf(child: ChildProcess): RunningProcess {
  const changes = new EventEmitter().setMaxListeners(0);
  let output = '';
  let isEnded = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.length > 2 * KEPT_OUTPUT) output = output.slice(-KEPT_OUTPUT);
      changes.emit('change');
    });
  }
  const ended = endOf(child).then((how) => {
    isEnded = true;
    changes.emit('change');
    return how;
  });
  return {
    pid: child.pid ?? -1,
    output: () => output,
    kill: (signal) => void child.kill(signal),
    ended,
    waitForOutput: (pattern, timeoutMs = DEFAULT_TIMEOUT_MS) =>
      waitForMatch(pattern, { changes, timeoutMs, look: () => output, isOver: () => isEnded }),
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      return ended.finally(() => clearTimeout(timer));
    },
  };
}

async function endOf(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = await once(child, 'close');
    return signal === null ? `code ${code}` : `signal ${signal}`;
  } catch (error) {
    return String(error);
  }
}

function waitForMatch(
  pattern: RegExp,
  options: { changes: EventEmitter; timeoutMs: number; look: () => string; isOver: () => boolean },
): Promise<RegExpMatchArray> {
  const { changes, timeoutMs, look, isOver } = options;
  return new Promise((resolve, reject) => {
    const fail = (why: string): void =>
      settle(() => reject(new Error(`${why} without ${pattern} in its output:\n${look()}`)));
    const timer = setTimeout(() => fail(`${timeoutMs} ms passed`), timeoutMs);
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      changes.off('change', check);
      finish();
    };
    const check = (): void => {
      const match = look().match(pattern);
      if (match !== null) settle(() => resolve(match));
      else if (isOver()) fail('The process ended');
    };
    changes.on('change', check);
    check();
  });
}
