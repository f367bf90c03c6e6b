import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { registry } from './registry.ts';

/** Says why a role of this process cannot do its work now; null where it can. */
export type LookWhetherReady = () => Promise<string | null>;

export interface MetricsPageOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Figures of others in the same form, appended to ours; what cannot be had is left out. */
  readonly further: () => Promise<string>;
}

/** A port of its own for whoever watches a process: `/metrics`, `/live` and `/ready`. */
export interface MetricsPage {
  readonly host: string;
  readonly port: number;
  /** Has `/ready` ask this role, too. */
  addRole(isReady: LookWhetherReady): void;
  close(): Promise<void>;
}

/** Reading the figures takes milliseconds: who takes longer to ask or to listen is none of ours. */
const PAGE_PATIENCE_MS = 10_000;

/** Opens the port. Throws what listening throws. */
export async function openMetricsPage({ host, port, further }: MetricsPageOptions): Promise<MetricsPage> {
  const roles: LookWhetherReady[] = [];
  const server = createServer({ requestTimeout: PAGE_PATIENCE_MS, keepAliveTimeout: PAGE_PATIENCE_MS });
  server.on('request', (request, response) => {
    answer(request, response, { roles, further }).catch(() => response.destroy());
  });
  server.setTimeout(2 * PAGE_PATIENCE_MS);
  await listen(server, { host, port });
  return {
    host,
    port: (server.address() as AddressInfo).port,
    addRole: (isReady) => void roles.push(isReady),
    close: async () =>
      await new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function listen(server: Server, at: { readonly host: string; readonly port: number }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

interface Sources {
  readonly roles: readonly LookWhetherReady[];
  readonly further: () => Promise<string>;
}

async function answer(
  { method, url = '' }: IncomingMessage,
  response: ServerResponse,
  { roles, further }: Sources,
): Promise<void> {
  if (method !== 'GET' && method !== 'HEAD') return say(response, 405, 'GET only\n');
  switch (url.split('?')[0]) {
    case '/metrics': {
      const figures = (await registry.metrics()) + (await further().catch(() => ''));
      return say(response, 200, figures, registry.contentType);
    }
    case '/live':
      return say(response, 200, 'ok\n');
    case '/ready': {
      const reasons = await Promise.all(roles.map(async (isReady) => await isReady()));
      const given = reasons.filter((reason) => reason !== null);
      return given.length === 0 ? say(response, 200, 'ready\n') : say(response, 503, `${given.join('\n')}\n`);
    }
    default:
      return say(response, 404, '/metrics, /live, /ready\n');
  }
}

function say(
  response: ServerResponse,
  status: number,
  text: string,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(text);
}
