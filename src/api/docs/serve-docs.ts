import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { serveProblemPages } from './problem-pages.ts';
import { serveAsset } from './serve-asset.ts';

const ASSETS: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** Nothing but our own files; Swagger UI draws its icons as data URLs. */
const CONTENT_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const pageBelow = (basePath: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Posthorn API</title>
<link rel="icon" type="image/png" href="${basePath}/docs/favicon-32x32.png">
<link rel="stylesheet" href="${basePath}/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="${basePath}/docs/swagger-ui-bundle.js"></script>
<script src="${basePath}/docs/start.js"></script>
</body>
</html>
`;

const startBelow = (basePath: string): string => `SwaggerUIBundle({
  url: '${basePath}/docs-json', dom_id: '#swagger-ui', deepLinking: true, persistAuthorization: false,
});
`;

/** What the docs need to know of where they are served. */
export interface DocsOptions {
  /** The OpenAPI document: writing it anew takes a second, which a start need not wait for. */
  readonly documentFile: string;
  /** What stands before every path, behind a proxy. */
  readonly basePath: string;
}

/**
 * Serves the OpenAPI document at `/docs-json` and Swagger UI, from the package and without the internet, at `/docs`.
 */
export function serveDocs(server: FastifyInstance, { documentFile, basePath }: DocsOptions): void {
  serveProblemPages(server, basePath);
  serveAsset(server, '/docs-json', {
    type: 'application/json',
    read: async () => await readFile(documentFile),
    headers: { 'Cache-Control': 'no-cache' },
  });
  server.get('/docs', (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('Content-Security-Policy', CONTENT_POLICY)
      .send(pageBelow(basePath)),
  );
  server.get('/docs/start.js', (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(startBelow(basePath)),
  );
  for (const [name, type] of Object.entries(ASSETS)) {
    serveAsset(server, `/docs/${name}`, {
      type,
      read: async () => await readAsset(name),
      headers: { 'Cache-Control': 'public, max-age=3600' },
    });
  }
}

async function readAsset(name: string): Promise<Buffer> {
  const manifest = createRequire(import.meta.url).resolve('swagger-ui-dist/package.json');
  return await readFile(join(dirname(manifest), name));
}
