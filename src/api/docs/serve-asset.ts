import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** What a page is made of, as it is served. */
export interface AssetSource {
  /** Its media type. */
  readonly type: string;
  /** Called once, when it is first asked for. */
  readonly read: () => Promise<Buffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Asset {
  readonly plain: Buffer;
  readonly compressed: Buffer;
  /** Weak, since both encodings have it (RFC 9110, 8.8.1). */
  readonly etag: string;
}

const compress = promisify(gzip);
/** Named without the weight 0, which refuses it (RFC 9110, 12.5.3). */
const TAKES_GZIP = /(?:^|,)\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[^,]*)?(?:,|$)/i;

/** Serves a file from memory, compressed for whoever takes that, and by 304 to whoever has it already. */
export function serveAsset(server: FastifyInstance, path: string, source: AssetSource): void {
  let asset: Promise<Asset> | null = null;
  server.get(path, async (request, reply) => {
    asset ??= load(source).catch((error: unknown) => {
      asset = null;
      throw error;
    });
    return send(await asset, { request, reply: reply.headers({ ...source.headers }).type(source.type) });
  });
}

async function load({ read }: AssetSource): Promise<Asset> {
  const plain = await read();
  const digest = createHash('sha256').update(plain).digest('base64url');
  return { plain, compressed: await compress(plain), etag: `W/"${digest}"` };
}

function send(
  { plain, compressed, etag }: Asset,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): FastifyReply {
  void reply.headers({ ETag: etag, Vary: 'Accept-Encoding' });
  if (request.headers['if-none-match']?.includes(etag) === true) return reply.code(304).send();
  if (!TAKES_GZIP.test(request.headers['accept-encoding'] ?? '')) return reply.send(plain);
  return reply.header('Content-Encoding', 'gzip').send(compressed);
}
