#!/usr/bin/env node
import { KEYS_USAGE, runKeys } from '../cli/keys.ts';
import { type Config, type Role, readClientConfig, readConfig, readTemporalConfig } from '../config.ts';
import { createLogger, type Logger } from '../logger.ts';
import { ConfigError } from '../settings/config-error.ts';
import { migrate } from '../storage/postgres/migrate.ts';
import { installTemporalRuntime } from '../temporal/worker.ts';
import { checkTemporal } from './check-temporal.ts';
import { describeFailure } from './describe-failure.ts';
import { onShutdown } from './on-shutdown.ts';
import { openPage, type ProcessPage } from './open-page.ts';
import type { RoleOptions } from './role-options.ts';
import { runApi } from './run-api.ts';
import { runDev } from './run-dev.ts';
import { runWorker } from './run-worker.ts';

const USAGE = `usage: posthorn <role>

  dev       everything in one process, with embedded Postgres and Temporal where no address is given
  api       accepts and reads over HTTP, starts workflows
  worker    runs workflows, signs and sends
  migrate   brings the database to the current schema, then ends
  temporal  looks whether Temporal can be used, and says what is to be created there

${KEYS_USAGE}`;

const ROLES: Readonly<Record<Role, (config: Config, logger: Logger) => Promise<void>>> = {
  dev: async (config, logger) => {
    const page = await openPage(config, { roles: ['api', 'worker'], logger });
    installTemporalRuntime(logger, page.sdkAddress);
    await runDev(config, { page, logger });
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

await main(process.argv[2]);

async function main(role: string | undefined): Promise<void> {
  if (role === 'keys') {
    await manageKeys(process.argv.slice(3));
    return;
  }
  if (role === 'temporal') {
    await lookAtTemporal();
    return;
  }
  if (role === undefined || !isRole(role)) {
    process.stderr.write(USAGE);
    process.exitCode = role === '--help' || role === 'help' ? 0 : 2;
    return;
  }
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

async function lookAtTemporal(): Promise<void> {
  try {
    const { text, exitCode } = await checkTemporal(readTemporalConfig());
    (exitCode === 0 ? process.stdout : process.stderr).write(text);
    process.exitCode = exitCode;
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exitCode = 1;
  }
}

/** Talks to a running API, as any other client. */
async function manageKeys(args: readonly string[]): Promise<void> {
  try {
    const onProgress = (line: string): void => void process.stderr.write(line);
    const { text, exitCode } = await runKeys(args, readClientConfig, { onProgress });
    (exitCode === 0 ? process.stdout : process.stderr).write(text);
    process.exitCode = exitCode;
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exitCode = 1;
  }
}

function isRole(text: string): text is Role {
  return Object.hasOwn(ROLES, text);
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
