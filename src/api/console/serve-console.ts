import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { notFound, Problem } from '../platform/answers/problem.ts';
import type { ConsoleFile, ConsoleFiles } from './console-files.ts';

/** Where the console and the portal begin; both are one page with what it loads below the console's. */
const DOORS = ['ui', 'portal'] as const;
type Door = (typeof DOORS)[number];

/** Only our own files run or are shown, and no text becomes a script. */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
].join('; ');
const A_YEAR = 'public, max-age=31536000, immutable';

/** How the console is mounted. */
export interface ConsoleOptions {
  /** What the build made; null where nothing was built. */
  readonly files: ConsoleFiles | null;
  /** What stands before every path, behind a proxy; empty where nothing does. */
  readonly basePath: string;
  /** Origins of pages that may show the portal in a frame; nobody may show the console in one. */
  readonly portalFrameAncestors: readonly string[];
  readonly version: string;
}

/**
 * Serves the operator's console at `/ui` and the customers' portal at `/portal`: every path below is a place in the
 * page.
 */
export function serveConsole(server: FastifyInstance, options: ConsoleOptions): void {
  server.get<{ Params: { name: string } }>('/ui/assets/:name', (request, reply) => {
    const file = options.files?.assets.get(request.params.name);
    if (file === undefined) throw notFound('file of the console');
    return sendFile(file, { request, reply });
  });
  for (const door of DOORS) {
    const answer = (_request: FastifyRequest, reply: FastifyReply) => sendPage(reply, door, options);
    server.get(`/${door}`, answer);
    server.get(`/${door}/*`, answer);
  }
}

function sendFile(
  { type, plain, brotli, gzip }: ConsoleFile,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): FastifyReply {
  void reply.type(type).headers({ 'Cache-Control': A_YEAR, Vary: 'Accept-Encoding' });
  const taken = request.headers['accept-encoding'] ?? '';
  if (brotli !== null && takes(taken, 'br')) return reply.header('Content-Encoding', 'br').send(brotli);
  if (gzip !== null && takes(taken, 'gzip')) return reply.header('Content-Encoding', 'gzip').send(gzip);
  return reply.send(plain);
}

/** Named, and without the weight 0, which refuses it (RFC 9110, 12.5.3). */
function takes(accepted: string, encoding: string): boolean {
  return accepted
    .split(',')
    .map((part) => part.trim())
    .some((part) => part.split(';')[0]?.trim() === encoding && !/;\s*q=0(?:\.0*)?\s*$/.test(part));
}

function sendPage(reply: FastifyReply, door: Door, options: ConsoleOptions): FastifyReply {
  const { files, basePath, portalFrameAncestors, version } = options;
  if (files === null)
    throw new Problem(503, 'console_not_built', { detail: 'Run npm run build, then start again.' });
  const mayFrame = door === 'portal' && portalFrameAncestors.length > 0;
  const ancestors = mayFrame ? portalFrameAncestors.join(' ') : "'none'";
  void reply.type('text/html; charset=utf-8');
  void reply.header('Content-Security-Policy', `${CONTENT_POLICY}; frame-ancestors ${ancestors}`);
  if (mayFrame) void reply.removeHeader('X-Frame-Options');
  return reply.send(
    files.page
      .replaceAll('./assets/', `${basePath}/ui/assets/`)
      .replace('{{base}}', basePath)
      .replace('{{door}}', door)
      .replace('{{version}}', version),
  );
}
