import {
  type ClientHttp2Session,
  connect,
  constants,
  createSecureServer,
  type Http2SecureServer,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { Certificate } from '../receivers/certificates.ts';

/** A frontend of Temporal as operators put it before their clusters: TLS, client certificates, keys, and few rights. */
export interface GrpcGate {
  readonly address: string;
  /** Calls that it let through, by path, and those that it refused, by gRPC status. */
  readonly passed: ReadonlyMap<string, number>;
  readonly refused: ReadonlyMap<number, number>;
  /** Takes this key alone from now on; any and none where null. */
  acceptKey(key: string | null): void;
  /** Says of this key from now on that it was right once. */
  expireKey(key: string): void;
  close(): Promise<void>;
}

export interface GrpcGateOptions {
  /** Where the server behind it listens, without TLS. */
  readonly behind: string;
  readonly certificate: Certificate;
  /** Clients need a certificate of it. */
  readonly authority: string;
}

const UNAUTHENTICATED = 16;
const PERMISSION_DENIED = 7;
const UNAVAILABLE = 14;

/** Puts a gate before a server: it refuses every call of the operator's service. */
export async function startGrpcGate({ behind, certificate, authority }: GrpcGateOptions): Promise<GrpcGate> {
  const passed = new Map<string, number>();
  const refused = new Map<number, number>();
  const expired = new Set<string>();
  let wanted: string | null = null;
  const server = createSecureServer({
    ...certificate,
    ca: authority,
    requestCert: true,
    rejectUnauthorized: true,
  });
  const upstream = connect(`http://${behind}`);
  upstream.on('error', () => {});
  server.on('sessionError', () => {});
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    const path = String(headers[':path']);
    const status = statusFor(path, headers, wanted);
    const counts = status === null ? passed : refused;
    count(counts as Map<string | number, number>, status ?? path);
    if (status === null) forward(stream, headers, upstream);
    else refuse(stream, status, expired.has(String(headers.authorization)) ? 'token is expired' : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    refused,
    acceptKey: (key) => {
      wanted = key;
    },
    expireKey: (key) => void expired.add(`Bearer ${key}`),
    close: async () => await closeBoth({ server, upstream }, sessions),
  };
}

function statusFor(path: string, headers: IncomingHttpHeaders, wanted: string | null): number | null {
  if (wanted !== null && headers.authorization !== `Bearer ${wanted}`) return UNAUTHENTICATED;
  return path.startsWith('/temporal.api.operatorservice.') ? PERMISSION_DENIED : null;
}

function refuse(stream: ServerHttp2Stream, status: number, message = 'Request unauthorized.'): void {
  const headers = {
    ':status': 200,
    'content-type': 'application/grpc',
    'grpc-status': String(status),
    'grpc-message': message,
  };
  stream.respond(headers, { endStream: true });
  stream.resume();
}

function forward(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  upstream: ClientHttp2Session,
): void {
  const others: OutgoingHttpHeaders = { ...headers };
  delete others[':authority'];
  delete others.authorization;
  const call = upstream.request(others);
  call.on('error', () => {
    if (!stream.destroyed && !stream.headersSent) refuse(stream, UNAVAILABLE);
  });
  let trailers: OutgoingHttpHeaders = {};
  call.on('response', (answer, flags) => {
    const { ':status': status, ...rest } = answer;
    const isOver = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    stream.respond({ ':status': status, ...rest }, { waitForTrailers: !isOver, endStream: isOver });
    if (isOver) return;
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    call.pipe(stream);
  });
  call.on('trailers', (given) => {
    trailers = { ...given };
  });
  stream.on('aborted', () => call.close(constants.NGHTTP2_CANCEL));
  stream.pipe(call);
}

function count(counts: Map<string | number, number>, key: string | number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

async function closeBoth(
  { server, upstream }: { readonly server: Http2SecureServer; readonly upstream: ClientHttp2Session },
  sessions: ReadonlySet<ServerHttp2Session>,
): Promise<void> {
  upstream.destroy();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    for (const session of sessions) session.destroy();
  });
}
