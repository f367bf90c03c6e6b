import { type Config, type Role, readConfig } from '../../config.ts';
import { createLogger, type Logger } from '../../logger.ts';
import { ConfigError } from '../../settings/config-error.ts';
import { migrate } from '../../storage/postgres/migrate.ts';
import { installTemporalRuntime } from '../../temporal/worker.ts';
import { describeFailure } from '../describe-failure.ts';
import { onShutdown } from '../on-shutdown.ts';
import { openPage, type ProcessPage } from '../open-page.ts';
import type { RoleOptions } from '../role-options.ts';
import { runApi } from '../run-api.ts';
import { runNode } from '../run-node.ts';
import { runWorker } from '../run-worker.ts';

const ROLES: Readonly<Record<Role, (config: Config, logger: Logger) => Promise<void>>> = {
  dev: async (config, logger) => {
    const page = await openPage(config, { roles: ['api', 'worker'], logger });
    installTemporalRuntime(logger, page.sdkAddress);
    await runNode(config, { page, logger, greets: true });
  },
  all: async (config, logger) => {
    const page = await openPage(config, { roles: ['api', 'worker'], logger });
    installTemporalRuntime(logger, page.sdkAddress);
    await runNode(config, { page, logger, greets: false });
  },
  api: async (config, logger) => {
    const page = await openPage(config, { roles: ['api'], logger });
    const api = await runApi(roleOptions(config, { page, logger }));
    onShutdown(async () => await closeBoth(api, page), logger);
  },
  worker: async (config, logger) => {
    const page = await openPage(config, { roles: ['worker'], logger });
    installTemporalRuntime(logger, page.sdkAddress);
    const worker = runWorker(roleOptions(config, { page, logger }));
    onShutdown(async () => await closeBoth(worker, page), logger);
  },
  migrate: async (config, logger) => {
    await migrate(config.databaseUrl ?? '');
    logger.info('the database has the current schema');
  },
};

/** Runs one of the server's roles, until it is told to stop where it is one that stays. */
export async function runRole(role: Role): Promise<void> {
  try {
    const config = readConfig(role);
    const logger = createLogger(config.logLevel);
    for (const warning of config.warnings) logger.warn(warning);
    await ROLES[role](config, logger);
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exit(1);
  }
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
