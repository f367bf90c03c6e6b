import { type Config, type Role, readConfig } from '../../config.ts';
import { createProcessLogger, type Logger } from '../../logger.ts';
import { ConfigError } from '../../settings/config-error.ts';
import { startTracing } from '../../tracing/start-tracing.ts';
import { describeFailure } from '../describe-failure.ts';
import { onShutdown } from '../on-shutdown.ts';
import { openPage, type ProcessPage } from '../open-page.ts';
import type { RoleOptions } from '../role-options.ts';
import { VERSION } from '../version.ts';

type RunRole = (config: Config, logger: Logger) => Promise<void>;

/** Each loads its own part of the server only: a worker needs no web framework, and an API no SDK of workers. */
const ROLES: Readonly<Record<Role, RunRole>> = {
  dev: async (config, logger) => await runBoth(config, { logger, greets: true }),
  all: async (config, logger) => await runBoth(config, { logger, greets: false }),
  api: async (config, logger) => {
    const { runApi } = await import('../run-api.ts');
    const page = await showProcess(config, { roles: ['api'], logger });
    const api = await runApi(roleOptions(config, { page, logger }));
    onShutdown(async () => await closeBoth(api, page), logger);
  },
  worker: async (config, logger) => {
    const { runWorker } = await import('../run-worker.ts');
    const page = await showProcess(config, { roles: ['worker'], logger });
    await installRuntime(page, logger);
    const worker = runWorker(roleOptions(config, { page, logger }));
    onShutdown(async () => await closeBoth(worker, page), logger);
  },
  migrate: async (config, logger) => {
    const { migrate } = await import('../../storage/postgres/migrate.ts');
    await migrate(config.databaseUrl ?? '');
    logger.info('the database has the current schema');
  },
};

/** Runs one of the server's roles, until it is told to stop where it is one that stays. */
export async function runRole(role: Role): Promise<void> {
  try {
    const config = readConfig(role);
    const logger = createProcessLogger(config.logLevel);
    for (const warning of config.warnings) logger.warn(warning);
    await ROLES[role](config, logger);
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exit(1);
  }
}

async function runBoth(
  config: Config,
  { logger, greets }: { readonly logger: Logger; readonly greets: boolean },
): Promise<void> {
  const { runNode } = await import('../run-node.ts');
  const page = await showProcess(config, { roles: ['api', 'worker'], logger });
  await installRuntime(page, logger);
  await runNode(config, { page, logger, greets });
}

async function installRuntime(page: ProcessPage, logger: Logger): Promise<void> {
  const { installTemporalRuntime } = await import('../../temporal/worker.ts');
  installTemporalRuntime(logger, page.sdkAddress);
}

/** Opens the page, and sends spans where a collector is named, until the page is closed. */
async function showProcess(
  config: Config,
  { roles, logger }: { readonly roles: readonly ('api' | 'worker')[]; readonly logger: Logger },
): Promise<ProcessPage> {
  const page = await openPage(config, { roles, logger });
  if (config.tracing === null) return page;
  const stopTracing = await startTracing(config.tracing, { roles, version: VERSION, logger });
  const close = async (): Promise<void> => {
    await stopTracing();
    await page.close();
  };
  return { ...page, close };
}

/** The page tells of the role until that has ended. */
async function closeBoth(role: { close(): Promise<void> }, page: ProcessPage): Promise<void> {
  await role.close();
  await page.close();
}

function roleOptions(config: Config, means: Pick<RoleOptions, 'page' | 'logger'>): RoleOptions {
  const { databaseUrl, temporal, temporalUiUrl } = config;
  const temporalAddress = temporal.address;
  if (databaseUrl === null || temporalAddress === null)
    throw new ConfigError('DATABASE_URL and TEMPORAL_ADDRESS are needed');
  return { config, databaseUrl, temporalAddress, temporalUiUrl, ...means };
}
