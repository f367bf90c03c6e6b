import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { components } from '../../typescript/schema.ts';
import { reasonOf } from '../output/failure.ts';

type Schemas = components['schemas'];
/** A signed request as the API hands it out. */
export type RelayedRequest = Schemas['RelayedRequest'];
/** What the API is told of it. */
export type RelayedAnswer = Schemas['RelayedAnswer'];

/** How to forward. */
export interface ForwardOptions {
  readonly url: URL;
  /** Sent besides those that are signed. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether any certificate is good enough. */
  readonly skipTlsVerify: boolean;
  readonly timeoutMs: number;
}

/** The API takes no more of a body. */
const MAX_BODY_BYTES = 65_536;
const MAX_HEADERS = 200;
const MAX_HEADER_VALUE = 8_192;

type Failure = NonNullable<RelayedAnswer['error_code']>;

/** By the code of the error, as Node and OpenSSL name them. */
const FAILURES: readonly (readonly [code: RegExp, failure: Failure])[] = [
  [/^ECONNREFUSED$/, 'connection_refused'],
  [/^(?:ENOTFOUND|EAI_NONAME)$/, 'dns_not_found'],
  [/^EAI_/, 'dns_failed'],
  [/^(?:ENETUNREACH|EHOSTUNREACH|EADDRNOTAVAIL)$/, 'network_unreachable'],
  [/^(?:ETIMEDOUT|ABORT_ERR)$/, 'timeout'],
  [/^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/, 'tls_certificate_expired'],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'tls_certificate_name_mismatch'],
  [/CERT|ISSUER|SIGNATURE/, 'tls_certificate_invalid'],
  [/^(?:EPROTO|ERR_SSL_.*|ERR_TLS_.*)$/, 'tls_handshake_failed'],
  [/^HPE_/, 'response_malformed'],
];

/** POSTs a request as it was signed, byte by byte, and tells what came of it. Never rejects. */
export async function forward(request: RelayedRequest, options: ForwardOptions): Promise<RelayedAnswer> {
  const began = performance.now();
  const answered = (facts: Omit<RelayedAnswer, 'id' | 'duration_ms'>): RelayedAnswer => ({
    id: request.id,
    duration_ms: performance.now() - began,
    ...facts,
  });
  try {
    const response = await post(request, options);
    const { body, isTruncated } = await bodyOf(response);
    return answered({
      status_code: response.statusCode ?? null,
      headers: headersOf(response),
      body_base64: body.toString('base64'),
      truncated: isTruncated,
    });
  } catch (error) {
    const error_code = failureOf(error);
    const error_detail = reasonOf(error).slice(0, 1_024);
    return answered({ status_code: null, error_code, error_detail, headers: [], body_base64: '' });
  }
}

async function post(request: RelayedRequest, options: ForwardOptions): Promise<IncomingMessage> {
  const { url, headers, skipTlsVerify, timeoutMs } = options;
  const body = Buffer.from(request.body_base64, 'base64');
  const settings: RequestOptions & { rejectUnauthorized?: boolean; autoSelectFamily?: boolean } = {
    method: 'POST',
    headers: { ...request.headers, ...headers, 'Content-Length': body.byteLength },
    signal: AbortSignal.timeout(timeoutMs),
    agent: false,
    ...(url.hostname === 'localhost' && { lookup: lookUpLoopback, autoSelectFamily: true }),
    ...(skipTlsVerify && { rejectUnauthorized: false }),
  };
  return await new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    send(url, settings, resolve).on('error', reject).end(body);
  });
}

/** `localhost` is both loopback addresses (RFC 6761, 6.3), whatever the system says: programs listen on either. */
const lookUpLoopback: LookupFunction = (_hostname, { all }, done) => {
  const addresses = [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ];
  if (all === true) done(null, addresses);
  else done(null, '127.0.0.1', 4);
};

async function bodyOf(
  response: IncomingMessage,
): Promise<{ readonly body: Buffer; readonly isTruncated: boolean }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) break;
  }
  return { body: Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES), isTruncated: bytes > MAX_BODY_BYTES };
}

function headersOf({ rawHeaders }: IncomingMessage): { name: string; value: string }[] {
  const headers: { name: string; value: string }[] = [];
  for (let place = 0; place + 1 < rawHeaders.length && headers.length < MAX_HEADERS; place += 2) {
    const [name = '', value = ''] = rawHeaders.slice(place, place + 2);
    headers.push({ name, value: value.slice(0, MAX_HEADER_VALUE) });
  }
  return headers;
}

function failureOf(error: unknown): Failure {
  const code = String((error as { readonly code?: unknown } | null)?.code ?? '');
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return reasonOf(error) === 'aborted' ? 'response_incomplete' : 'connection_reset';
  return FAILURES.find(([known]) => known.test(code))?.[1] ?? 'connection_reset';
}
