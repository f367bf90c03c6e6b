import { type Config, readHostPaths } from '../config.ts';
import type { Logger } from '../logger.ts';
import { migrate } from '../storage/postgres/migrate.ts';
import { begunAt } from './begun-at.ts';
import { onShutdown } from './on-shutdown.ts';
import type { ProcessPage } from './open-page.ts';
import { runApi } from './run-api.ts';
import { runWorker } from './run-worker.ts';
import { choosePorts } from './servers/choose-ports.ts';
import { findTemporalCli } from './servers/download/find-server.ts';
import { startEmbeddedPostgres } from './servers/embedded-postgres.ts';
import { startTemporal } from './servers/embedded-temporal.ts';
import { announceInstance } from './welcome/announce-instance.ts';
import { makeSignInLink } from './welcome/sign-in-link.ts';
import { ensureWelcomeEndpoint } from './welcome/welcome-endpoint.ts';
import { welcomeText } from './welcome/welcome-text.ts';

type Close = () => Promise<void>;

export interface NodeMeans {
  readonly page: ProcessPage;
  readonly logger: Logger;
  /** Whether it tells how to begin. */
  readonly greets: boolean;
}

/** Runs everything in one process, with embedded servers where no address is given. */
export async function runNode(config: Config, { page, logger, greets }: NodeMeans): Promise<void> {
  const opened: Close[] = [page.close];
  const closeAll: Close = async () => await closeInTurn(opened);
  // From here on, so that an interrupt while starting leaves no server behind.
  onShutdown(closeAll, logger);
  try {
    const ports = await choosePorts(config);
    for (const note of ports.notes) say(note);
    const [databaseUrl, temporal] = await Promise.all([
      providePostgres(config, opened),
      provideTemporal(config, { ports, opened }),
    ]);
    const role = { config: { ...config, port: ports.api }, databaseUrl, ...temporal, page, logger };
    const api = await runApi(role);
    opened.push(api.close);
    const worker = runWorker(role);
    opened.push(worker.close);
    const scheme = config.certificate === null ? 'http' : 'https';
    const url = `${scheme}://${urlHost(config.host)}:${api.port}`;
    opened.push(announceInstance(config.dataDir, url));
    if (greets) await greet({ config, url, temporalUiUrl: temporal.temporalUiUrl });
  } catch (error) {
    await closeAll().catch((cause: unknown) =>
      logger.error({ error: String(cause) }, 'could not stop what had started'),
    );
    throw error;
  }
}

/** Says where everything is, and how to send a first event. */
async function greet({
  config,
  url,
  temporalUiUrl,
}: {
  readonly config: Config;
  readonly url: string;
  readonly temporalUiUrl: string | null;
}): Promise<void> {
  const endpoint = config.echoEnabled ? await ensureWelcomeEndpoint(url, config.adminKey) : null;
  if (endpoint !== null && 'refusal' in endpoint) say(echoIsOutOfReach(endpoint.refusal));
  const seconds = ((Date.now() - begunAt(process.argv)) / 1000).toFixed(1);
  process.stdout.write(
    welcomeText({
      url,
      consoleUrl: await makeSignInLink(url, config.adminKey),
      seconds,
      adminKey: config.adminKey,
      temporalUiUrl,
      endpoint: endpoint !== null && 'id' in endpoint ? endpoint.id : null,
    }),
  );
}

function echoIsOutOfReach(refusal: string): string {
  return (
    `The echo receivers of this machine cannot be delivered to: ${refusal} Add 127.0.0.0/8 to ` +
    `POSTHORN_ALLOWED_DESTINATIONS to use them.`
  );
}

/** Closes the last opened first, each once, the others also where one cannot be closed; throws the first fault then. */
async function closeInTurn(opened: Close[]): Promise<void> {
  const faults: unknown[] = [];
  for (let close = opened.pop(); close !== undefined; close = opened.pop())
    await close().catch((fault: unknown) => faults.push(fault));
  if (faults.length > 0) throw faults[0];
}

async function providePostgres(config: Config, opened: Close[]): Promise<string> {
  const url = config.databaseUrl ?? (await startPostgres(config, opened));
  await migrate(url);
  return url;
}

async function startPostgres(config: Config, opened: Close[]): Promise<string> {
  const postgres = await startEmbeddedPostgres({ dataDir: config.dataDir, onProgress: say });
  opened.push(async () => await postgres.stop());
  return postgres.url;
}

interface TemporalPlace {
  readonly temporalAddress: string;
  readonly temporalUiUrl: string | null;
  readonly temporalPorts?: () => readonly number[];
}

async function provideTemporal(
  config: Config,
  { ports, opened }: { ports: { temporal: number; temporalUi: number }; opened: Close[] },
): Promise<TemporalPlace> {
  const { temporal, temporalUiUrl, dataDir } = config;
  if (temporal.address !== null) return { temporalAddress: temporal.address, temporalUiUrl };
  const binary = await findTemporalCli({ named: config.temporalCli, ...readHostPaths(), onProgress: say });
  const server = await startTemporal({
    binary,
    dataDir,
    port: ports.temporal,
    uiPort: ports.temporalUi,
    namespaces: temporal.namespace === 'default' ? [] : [temporal.namespace],
    onProgress: say,
  });
  opened.push(async () => await server.stop());
  return {
    temporalAddress: server.address,
    temporalUiUrl: temporalUiUrl ?? server.uiUrl,
    temporalPorts: server.ports,
  };
}

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function say(line: string): void {
  process.stdout.write(`  ${line}\n`);
}
