import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import {
  DefaultLogger,
  type LogEntry,
  type NativeConnection,
  Runtime,
  type WorkerOptions as SdkWorkerOptions,
  Worker,
} from '@temporalio/worker';
import { DELIVER_WORKFLOW, WAVE_TASK_QUEUE } from '../../workflows/messages.ts';
import type { Logger } from '../logger.ts';
import { TASK_QUEUE, type TemporalConnectionOptions } from './connection.ts';
import { type TemporalFault, temporalFaultOf } from './temporal-fault.ts';
import { openWorkerConnection } from './worker-connection.ts';

export interface WorkerOptions extends TemporalConnectionOptions {
  readonly activities: object;
  /** Those of the drains' own queue, of which this process runs one at a time. */
  readonly waveActivities: object;
  /** File with the bundled workflows; with a codec that encrypts those that put failures into payloads. */
  readonly workflowBundlePath: string;
  /**
   * Attempts and drains of gates that may run side by side: while a receiver thinks, one costs no more than its memory.
   */
  readonly maxInFlight: number;
  readonly logger: Logger;
  /** Of which version of a deployment this worker is; of none where null. */
  readonly version: WorkerVersion | null;
  /** It takes no work before this resolves. */
  readonly mayBegin: Promise<void>;
}

/** A version of the workers, as Temporal tells them apart. */
export interface WorkerVersion {
  readonly deploymentName: string;
  readonly buildId: string;
}

export interface RunningWorker {
  /** Whether it takes work now. */
  isRunning(): boolean;
  /** Takes no new work, finishes what is under way within the grace time, closes the connection. */
  close(): Promise<void>;
}

/** The longest timeout of an endpoint, and some seconds to record: no send under way is cut off by a shutdown. */
const SHUTDOWN_GRACE = '125 seconds';
const SHUTDOWN_FORCE = '140 seconds';
const MAX_WORKFLOW_TASKS_SIDE_BY_SIDE = 100;
/** The worker that last had a run is asked first; where it died or hangs, the others are soon. */
const STICKY_PATIENCE = '1 second';
const MAX_CACHED_WORKFLOWS = 2_000;
const RECONNECT_PAUSE_MS = 1_000;
const FAILURE_CONVERTER = fileURLToPath(new URL('./failure-converter.js', import.meta.url));

/** Names and units as those of our own figures. */
const AS_PROMETHEUS_WANTS = { countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true };

/**
 * Keeps the SDK from swallowing SIGINT and SIGTERM, and sends its log lines to ours. To be called once a process,
 * before anything else of Temporal's.
 * @param figuresAddress where it shows its figures; nowhere where null
 */
export function installTemporalRuntime(logger: Logger, figuresAddress: string | null): void {
  Runtime.install({
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} },
      ...(figuresAddress !== null && {
        metrics: { prometheus: { bindAddress: figuresAddress, ...AS_PROMETHEUS_WANTS } },
      }),
    },
    logger: new DefaultLogger('WARN', (entry) => logSdkEntry(entry, logger)),
  });
}

/** Runs a worker, waiting for Temporal where it is away and starting again whenever the connection is lost for good. */
export function startWorker(options: WorkerOptions): RunningWorker {
  let closing = false;
  let workers: readonly Worker[] = [];
  let stop: () => void = () => {};
  let told: string | null = null;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const ended = keepRunning();
  return {
    isRunning: () => workers.length > 0 && workers.every((worker) => worker.getState() === 'RUNNING'),
    close: async () => {
      closing = true;
      stop();
      shutDown(workers);
      await ended;
    },
  };

  /** Once at each change, however often it is tried. */
  function tell({ code, reason }: TemporalFault): void {
    if (code !== told)
      options.logger.warn(
        { code, address: options.address, namespace: options.namespace, reason },
        'the worker cannot work with Temporal; trying again',
      );
    told = code;
  }

  async function keepRunning(): Promise<void> {
    await Promise.race([options.mayBegin, stopped]);
    while (!closing) {
      try {
        await runOnce();
      } catch (error) {
        tell(temporalFaultOf(error));
        await new Promise((resolve) => setTimeout(resolve, RECONNECT_PAUSE_MS));
      }
    }
  }

  async function runOnce(): Promise<void> {
    const { connection, close } = await openWorkerConnection(options);
    try {
      workers = await Promise.all([createWorker(connection, options), createDrainer(connection, options)]);
      // Where one ends for good, the other is of no use either.
      const running = workers.map((worker) => worker.run().finally(() => shutDown(workers)));
      told = null;
      options.logger.info({ task_queue: TASK_QUEUE, namespace: options.namespace }, 'worker ready');
      if (closing) shutDown(workers);
      const ends = await Promise.allSettled(running);
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    } finally {
      workers = [];
      await close();
    }
  }
}

function shutDown(workers: readonly Worker[]): void {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
}

async function createDrainer(connection: NativeConnection, options: WorkerOptions): Promise<Worker> {
  return await Worker.create({
    connection,
    namespace: options.namespace,
    taskQueue: WAVE_TASK_QUEUE,
    ...versioningOf(options),
    activities: options.waveActivities,
    dataConverter: dataConverterOf(options),
    shutdownGraceTime: SHUTDOWN_GRACE,
    shutdownForceTime: SHUTDOWN_FORCE,
    maxConcurrentActivityTaskExecutions: 1,
  });
}

async function createWorker(connection: NativeConnection, options: WorkerOptions): Promise<Worker> {
  return await Worker.create({
    connection,
    namespace: options.namespace,
    taskQueue: TASK_QUEUE,
    ...versioningOf(options),
    workflowBundle: { code: readFileSync(options.workflowBundlePath, 'utf8') },
    activities: options.activities,
    dataConverter: dataConverterOf(options),
    shutdownGraceTime: SHUTDOWN_GRACE,
    shutdownForceTime: SHUTDOWN_FORCE,
    maxConcurrentActivityTaskExecutions: options.maxInFlight,
    maxConcurrentWorkflowTaskExecutions: MAX_WORKFLOW_TASKS_SIDE_BY_SIDE,
    maxCachedWorkflows: MAX_CACHED_WORKFLOWS,
    stickyQueueScheduleToStartTimeout: STICKY_PATIENCE,
  });
}

/**
 * Runs that may sleep for weeks move to the current version, by code that reads the histories of older ones; others say
 * so themselves.
 */
function versioningOf({ version }: WorkerOptions): Pick<SdkWorkerOptions, 'workerDeploymentOptions'> {
  if (version === null) return {};
  return {
    workerDeploymentOptions: {
      version,
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'AUTO_UPGRADE',
    },
  };
}

function dataConverterOf({ codec = null }: WorkerOptions): DataConverter {
  if (codec === null) return {};
  return { payloadCodecs: [codec], ...(codec.encrypts && { failureConverterPath: FAILURE_CONVERTER }) };
}

/** Said of the worker for drains, which is meant to have activities only. */
const DRAINERS_WARNING = 'No workflows registered, not polling for workflow tasks';

/**
 * Said of a delivery whose run ends as Failed because it is dead: business as usual, told by the attempt's own line.
 */
const FAILED_WARNING = 'Workflow failed';

interface SdkMeta {
  readonly error?: unknown;
  /** Of the SDK's core: a failure as its own text shows it. */
  readonly failure?: unknown;
  readonly workflowId?: unknown;
  readonly workflowType?: unknown;
}

function logSdkEntry({ level, message, meta }: LogEntry, logger: Logger): void {
  const { error, failure, workflowId, workflowType }: SdkMeta = meta ?? {};
  const isDeadDelivery = message === FAILED_WARNING && workflowType === DELIVER_WORKFLOW;
  const isUsual = isDeadDelivery || message === DRAINERS_WARNING;
  const severity = isUsual ? 'debug' : level === 'ERROR' ? 'error' : 'warn';
  logger[severity](
    { workflow_id: workflowId, error: error === undefined ? messageIn(failure) : String(error) },
    message,
  );
}

/** The message of a failure of the core's, without its stack. */
function messageIn(failure: unknown): string | undefined {
  return failure === undefined ? undefined : /message: "((?:[^"\\]|\\.)*)"/.exec(String(failure))?.[1];
}
