import { once } from 'node:events';
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import type { EndpointRoute } from '../domain/endpoint-route.ts';
import type { DestinationRules } from './destinations/destination-rules.ts';
import type { HostLookup } from './destinations/resolve-host.ts';
import { vettedAddresses } from './destinations/vetted-addresses.ts';
import type { ChoosePath, Path } from './egress.ts';
import { openTunnel } from './proxy-tunnel.ts';
import type { SecureContexts } from './secure-contexts.ts';
import { TlsSessions } from './tls-sessions.ts';

/** What is known about one connection; filled while it is being made. */
export interface ConnectionFacts {
  dnsMs: number | null;
  connectMs: number | null;
  tlsMs: number | null;
  remoteAddress: string | null;
  tlsVersion: string | null;
}

/** One connection to be made. `key` tells which others its TLS session can serve. */
export interface DialTarget {
  readonly url: URL;
  readonly route: EndpointRoute | null;
  readonly key: string;
  readonly facts: ConnectionFacts;
}

/** Begins a connection; what it returns ends the attempt at any time, even during DNS, without a call back. */
export type Dial = (target: DialTarget, callback: DialCallback) => () => void;
export type DialCallback = (...result: [error: null, socket: Socket] | [error: Error, socket: null]) => void;

export interface DialerOptions {
  readonly rules: DestinationRules;
  readonly lookup: HostLookup;
  readonly contexts: SecureContexts;
  readonly choosePath: ChoosePath;
  /** A forward proxy for public destinations; null connects directly. */
  readonly proxy: URL | null;
}

/** Node's 250 ms would give up on far addresses too early; a dead address costs a fresh connection this much. */
const NEXT_ADDRESS_AFTER_MS = 500;
const TCP_KEEP_ALIVE_AFTER_MS = 60_000;

interface Dialing extends DialTarget, DialerOptions {
  readonly sessions: TlsSessions;
  readonly signal: AbortSignal;
}

/** Makes the function that opens every outgoing connection: all addresses vetted, then TCP or a tunnel, then TLS. */
export function createDialer(options: DialerOptions): Dial {
  const sessions = new TlsSessions();
  return (target, callback) => {
    const controller = new AbortController();
    const { signal } = controller;
    open({ ...options, ...target, sessions, signal }).then(
      (socket) => {
        if (signal.aborted) socket.destroy();
        else callback(null, socket);
      },
      (error: Error) => {
        if (!signal.aborted) callback(error, null);
      },
    );
    return () => controller.abort();
  };
}

async function open(dialing: Dialing): Promise<Socket> {
  const { url, facts, rules, signal } = dialing;
  const beganAt = performance.now();
  const onAnswer = (): void => {
    facts.dnsMs = performance.now() - beganAt;
  };
  const addresses = await vettedAddresses(url, { ...dialing, onAnswer });
  signal.throwIfAborted();
  const resolvedAt = performance.now();
  const socket =
    dialing.proxy === null || rules.isInside(addresses)
      ? await connectDirectly(addresses, dialing)
      : await connectThrough(dialing.proxy, addresses, dialing);
  facts.connectMs = performance.now() - resolvedAt;
  socket.setNoDelay(true).setKeepAlive(true, TCP_KEEP_ALIVE_AFTER_MS);
  return url.protocol === 'https:' ? await secure(socket, dialing) : socket;
}

async function connectDirectly(addresses: readonly string[], dialing: Dialing): Promise<Socket> {
  const path = dialing.choosePath(addresses, dialing.route?.egressAddress ?? null);
  const socket = connectTcp({ port: portOf(dialing.url), ...hostAndSource(path) });
  await untilEvent(socket, 'connect', dialing.signal);
  dialing.facts.remoteAddress = socket.remoteAddress ?? null;
  return socket;
}

/** Node tries several addresses one after the other only where the source is the system's choice. */
function hostAndSource({ localAddress, addresses }: Path) {
  const [first = ''] = addresses;
  if (localAddress !== null) return { host: first, localAddress };
  if (addresses.length === 1) return { host: first };
  return {
    host: 'vetted.invalid',
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS,
    lookup: answering(addresses),
  };
}

/** A `lookup` for `net.connect` that asks nobody. */
function answering(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, _options, callback) => callback(null, found);
}

async function connectThrough(
  proxy: URL,
  [address = '']: readonly string[],
  dialing: Dialing,
): Promise<Socket> {
  const { lookup, signal, url } = dialing;
  const socket = await openTunnel({ address, port: portOf(url) }, { proxy, lookup, signal });
  dialing.facts.remoteAddress = address;
  return socket;
}

function portOf({ port, protocol }: URL): number {
  return Number(port) || (protocol === 'https:' ? 443 : 80);
}

async function secure(plain: Socket, dialing: Dialing): Promise<TLSSocket> {
  const beganAt = performance.now();
  const { facts } = dialing;
  const socket = openTls(plain, dialing, secureContextOf(plain, dialing));
  await untilEvent(socket, 'secureConnect', dialing.signal);
  facts.tlsMs = performance.now() - beganAt;
  facts.tlsVersion = socket.getProtocol();
  return socket;
}

function secureContextOf(plain: Socket, { contexts, route }: Dialing): SecureContext {
  try {
    return contexts.of(route);
  } catch (error) {
    plain.destroy();
    throw error;
  }
}

function openTls(plain: Socket, { url, key, sessions }: Dialing, secureContext: SecureContext): TLSSocket {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const session = sessions.get(key);
  const socket = connectTls({
    socket: plain,
    host,
    servername: isIP(host) === 0 ? host.replace(/\.$/, '') : '',
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true,
    secureContext,
    ...(session === undefined ? {} : { session }),
  });
  // A resumed session is not checked for the name again, so only sessions of a checked connection may be kept.
  socket.on('session', (ticket: Buffer) => {
    if (socket.authorized) sessions.set(key, ticket);
  });
  socket.once('error', () => {
    if (!socket.authorized) sessions.delete(key);
  });
  return socket;
}

/** Waits for the event that a socket is ready; destroys it where an error or an abort comes first, and rejects. */
async function untilEvent(socket: Socket, event: string, signal: AbortSignal): Promise<void> {
  // Errors after it is ready go to the connection, whose listener comes a moment later.
  socket.on('error', () => {});
  try {
    await once(socket, event, { signal });
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
