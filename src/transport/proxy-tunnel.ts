import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import type { HostLookup } from './destinations/resolve-host.ts';
import { TransportFault } from './transport-fault.ts';

export interface TunnelOptions {
  /** `http://[user:password@]host:port` */
  readonly proxy: URL;
  readonly lookup: HostLookup;
  /** Ends it in whatever phase it is. */
  readonly signal: AbortSignal;
}

const MAX_HEAD_BYTES = 16 * 1024;
const DEFAULT_PROXY_PORT = 8080;

/**
 * Opens a tunnel (CONNECT, RFC 9110 9.3.6) to an address that was vetted before: the proxy is told no name, so it
 * cannot find another one. @throws TransportFault `proxy_failed`
 */
export async function openTunnel(
  { address, port }: { readonly address: string; readonly port: number },
  options: TunnelOptions,
): Promise<Socket> {
  const socket = await reachProxy(options).catch((cause: unknown) => {
    throw failed('The proxy cannot be reached', cause);
  });
  const abort = (): void => void socket.destroy();
  options.signal.addEventListener('abort', abort, { once: true });
  try {
    const authority = isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
    socket.write(
      `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization(options.proxy)}\r\n`,
    );
    const head = await readHead(socket);
    if (!/^HTTP\/1\.[01] 2\d\d\b/.test(head))
      throw failed(`The proxy answered ${printableStatus(head)} to CONNECT`);
    return socket;
  } catch (cause) {
    socket.destroy();
    throw cause instanceof TransportFault ? cause : failed('The proxy broke off', cause);
  } finally {
    options.signal.removeEventListener('abort', abort);
  }
}

async function reachProxy({ proxy, lookup, signal }: TunnelOptions): Promise<Socket> {
  const host = proxy.hostname.replace(/^\[|\]$/g, '');
  const [address] = isIP(host) === 0 ? await lookup(host) : [host];
  if (address === undefined) throw new Error('its name has no address');
  const socket = connect({ host: address, port: Number(proxy.port) || DEFAULT_PROXY_PORT, signal });
  await once(socket, 'connect');
  return socket.setNoDelay(true);
}

function authorization({ username, password }: URL): string {
  if (username === '') return '';
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Proxy-Authorization: Basic ${Buffer.from(credentials).toString('base64')}\r\n`;
}

/** Reads up to the blank line; what the receiver says after it goes back into the socket. */
function readHead(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const onData = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk]);
      const end = received.indexOf('\r\n\r\n');
      if (end < 0 && received.length <= MAX_HEAD_BYTES) return;
      socket.off('data', onData).pause();
      if (end < 0) reject(new Error('its answer has no end'));
      else {
        const rest = received.subarray(end + 4);
        if (rest.length > 0) socket.unshift(rest);
        resolve(received.subarray(0, end).toString('latin1'));
      }
    };
    socket.on('data', onData).on('error', reject);
    socket.once('close', () => reject(new Error('the connection ended')));
    socket.once('end', () => reject(new Error('the connection ended')));
  });
}

function printableStatus(head: string): string {
  return /^HTTP\/1\.[01] (\d{3})\b/.exec(head)?.[1] ?? 'something that is not HTTP';
}

function failed(message: string, cause?: unknown): TransportFault {
  return new TransportFault('proxy_failed', message, cause === undefined ? undefined : { cause });
}
