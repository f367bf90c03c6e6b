import getPort from 'get-port';
import { request } from 'undici';
import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import { type MetricsPage, openMetricsPage } from '../metrics/page.ts';
import { describeBuild } from '../metrics/registry.ts';
import type { OwnSocket } from '../transport/destinations/own-sockets.ts';
import { VERSION } from './version.ts';

/** What a process shows of itself to whoever watches it. */
export interface ProcessPage {
  /** Null where it is turned off. */
  readonly page: MetricsPage | null;
  /** What it listens on for that, which no delivery may reach. */
  readonly sockets: readonly OwnSocket[];
  /** Where the SDK of Temporal is to show its figures, which the page appends; null where nobody reads them. */
  readonly sdkAddress: string | null;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const SDK_PATIENCE_MS = 1_000;

/**
 * Opens the port for figures, `/live` and `/ready`. Where its usual number is taken, as by another process on this
 * machine, it takes a free one and says so, unless the number was named.
 */
export async function openPage(
  config: Pick<Config, 'metricsHost' | 'metricsPort' | 'metricsPortIsNamed'>,
  { roles, logger }: { readonly roles: readonly ('api' | 'worker')[]; readonly logger: Logger },
): Promise<ProcessPage> {
  for (const role of roles) describeBuild({ version: VERSION, role });
  const { metricsHost: host, metricsPort: port, metricsPortIsNamed: isNamed } = config;
  if (port === null) return { page: null, sockets: [], sdkAddress: null, close: async () => {} };
  const sdkPort = roles.includes('worker')
    ? await getPort({ host: LOOPBACK, exclude: port === 0 ? [] : [port] })
    : null;
  const further = async (): Promise<string> => (sdkPort === null ? '' : await readSdk(sdkPort));
  const open = async (number: number): Promise<MetricsPage> =>
    await openMetricsPage({ host, port: number, further });
  const page = await open(port).catch(async (error: NodeJS.ErrnoException) => {
    if (isNamed || error.code !== 'EADDRINUSE') throw error;
    return await open(0);
  });
  const isUsual = page.port === port || port === 0;
  logger[isUsual ? 'info' : 'warn'](
    { host, metrics_port: page.port },
    isUsual ? 'metrics ready' : `port ${port} is in use: metrics are at another port`,
  );
  const sockets = [page, ...(sdkPort === null ? [] : [{ host: LOOPBACK, port: sdkPort }])];
  return {
    page,
    sockets: sockets.map((socket) => ({ host: socket.host, port: socket.port })),
    sdkAddress: sdkPort === null ? null : `${LOOPBACK}:${sdkPort}`,
    close: async () => await page.close(),
  };
}

async function readSdk(port: number): Promise<string> {
  const signal = AbortSignal.timeout(SDK_PATIENCE_MS);
  const { body } = await request(`http://${LOOPBACK}:${port}/metrics`, { signal });
  return await body.text();
}
