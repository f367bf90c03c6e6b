import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { appModule } from './app.module.ts';
import { readConsole } from './console/console-files.ts';
import { serveConsole } from './console/serve-console.ts';
import type { ApiDependencies } from './dependencies.ts';
import { createDocument } from './docs/create-document.ts';
import { serveDocs } from './docs/serve-docs.ts';
import { Departure } from './platform/http/departure.ts';
import { type Route, RouteTable } from './platform/http/route-table.ts';
import { createHttpAdapter } from './platform/http/server.ts';

/** An API that is composed but does not listen yet. */
export interface ApiServer {
  /** Every route that it serves. */
  readonly routes: readonly Route[];
  /** Port 0 takes any free one; the answer names it. */
  listen(host: string, port: number): Promise<{ readonly port: number }>;
  /**
   * Is not ready from now on, and resolves once load balancers had so long to notice; everything is answered meanwhile.
   */
  leave(delayMs: number): Promise<void>;
  /** Answers what is under way, refuses what is new, ends every connection. */
  close(): Promise<void>;
}

/** Composes the API from its dependencies, which stay the caller's to close. Opens no connection by itself. */
export async function createApiServer(dependencies: ApiDependencies): Promise<ApiServer> {
  const routes = new RouteTable();
  const departure = new Departure();
  const app = await compose(dependencies, { routes, departure });
  const { basePath } = dependencies.config;
  const server = app.getHttpAdapter().getInstance();
  serveDocs(server, { documentFile: dependencies.documentFile, basePath });
  serveConsole(server, {
    files: await readConsole(dependencies.consoleDirectory),
    basePath,
    portalFrameAncestors: dependencies.config.portalFrameAncestors,
    version: dependencies.version,
  });
  await app.init();
  return {
    routes: routes.list(),
    listen: async (host, port) => {
      await app.listen(port, host);
      const { port: taken } = app.getHttpServer().address() as AddressInfo;
      return { port: taken };
    },
    leave: async (delayMs) => await departure.begin(delayMs),
    close: async () => await app.close(),
  };
}

/** The OpenAPI document of such a server, written from its code. */
export async function createApiDocument(dependencies: ApiDependencies): Promise<OpenAPIObject> {
  const app = await compose(dependencies, { routes: new RouteTable(), departure: new Departure() });
  try {
    return createDocument(app, dependencies.version);
  } finally {
    await app.close();
  }
}

interface Parts {
  readonly routes: RouteTable;
  readonly departure: Departure;
}

async function compose(dependencies: ApiDependencies, parts: Parts): Promise<NestFastifyApplication> {
  const { logger, config, httpLimits: limits } = dependencies;
  const adapter = createHttpAdapter(
    {
      logger,
      trustedProxies: config.trustedProxies,
      basePath: config.basePath,
      bodies: config.limits,
      certificate: config.certificate,
      limits,
    },
    parts,
  );
  return await NestFactory.create<NestFastifyApplication>(appModule(dependencies, parts), adapter, {
    logger: false,
    abortOnError: false,
    bodyParser: false,
  });
}
