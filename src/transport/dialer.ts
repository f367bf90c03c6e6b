import { connect as connectTcp, isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
import {
  connect as connectTls,
  createSecureContext,
  rootCertificates,
  type SecureContext,
  type SecureVersion,
  TLSSocket,
} from 'node:tls';
import type { AddressRule } from './public-address.ts';
import type { HostLookup } from './resolve-host.ts';
import { TlsSessions } from './tls-sessions.ts';
import { createVettedLookup, faultOfDestination } from './vetted-lookup.ts';

/** What is known about one connection; filled while it is being made. */
export interface ConnectionFacts {
  dnsMs: number | null;
  connectMs: number | null;
  tlsMs: number | null;
  remoteAddress: string | null;
  tlsVersion: string | null;
}

/**
 * Begins a connection to an origin; null where the origin is an address that may not be reached. Destroying the socket at
 * any time, even during DNS, ends the attempt without a call back.
 */
export type Dial = (origin: URL, facts: ConnectionFacts, callback: DialCallback) => Socket | null;
export type DialCallback = (...result: [error: null, socket: Socket] | [error: Error, socket: null]) => void;

export interface DialerOptions {
  readonly rule: AddressRule;
  readonly lookup: HostLookup;
  readonly minTlsVersion: SecureVersion;
  /** Authorities (PEM) trusted besides the well-known ones. */
  readonly ca: readonly string[];
}

/** Node's 250 ms would give up on far addresses too early; a dead address costs a fresh connection this much. */
const NEXT_ADDRESS_AFTER_MS = 500;
const TCP_KEEP_ALIVE_AFTER_MS = 60_000;

/** Makes the function that opens every outgoing connection: own DNS with all answers vetted, one secure context for all. */
export function createDialer(options: DialerOptions): Dial {
  const sessions = new TlsSessions();
  const secureContext = createSecureContext({
    minVersion: options.minTlsVersion,
    ...(options.ca.length === 0 ? {} : { ca: [...rootCertificates, ...options.ca] }),
  });
  return (origin, facts, callback) => {
    const host = origin.hostname.replace(/^\[|\]$/g, '');
    const fault = isIP(host) === 0 ? null : faultOfDestination(origin, [host], options.rule);
    if (fault !== null) {
      queueMicrotask(() => callback(fault, null));
      return null;
    }
    const target = targetOf(origin, host, facts, options);
    const socket =
      origin.protocol === 'https:'
        ? openTls(origin.origin, target, secureContext, sessions)
        : connectTcp(target);
    socket.setNoDelay(true).setKeepAlive(true, TCP_KEEP_ALIVE_AFTER_MS);
    observe(socket, facts, callback);
    return socket;
  };
}

type Target = TcpNetConnectOpts & { readonly host: string };

function targetOf(origin: URL, host: string, facts: ConnectionFacts, options: DialerOptions): Target {
  const startedAt = performance.now();
  const onAnswer = (): void => {
    facts.dnsMs = performance.now() - startedAt;
  };
  return {
    host,
    port: Number(origin.port) || (origin.protocol === 'https:' ? 443 : 80),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS,
    lookup: createVettedLookup(origin, { ...options, onAnswer }),
  };
}

function openTls(
  origin: string,
  target: Target,
  secureContext: SecureContext,
  sessions: TlsSessions,
): TLSSocket {
  const session = sessions.get(origin);
  const socket = connectTls({
    ...target,
    servername: isIP(target.host) === 0 ? target.host.replace(/\.$/, '') : '',
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true,
    secureContext,
    ...(session === undefined ? {} : { session }),
  });
  // A resumed session is not checked for the name again, so only sessions of a checked connection may be kept.
  socket.on('session', (ticket: Buffer) => {
    if (socket.authorized) sessions.set(origin, ticket);
  });
  socket.once('error', () => {
    if (!socket.authorized) sessions.delete(origin);
  });
  return socket;
}

function observe(socket: Socket, facts: ConnectionFacts, callback: DialCallback): void {
  let phaseBeganAt = performance.now();
  let report: DialCallback | null = callback;
  const finish: DialCallback = (...result) => {
    report?.(...result);
    report = null;
  };
  socket.once('connect', () => {
    facts.connectMs = performance.now() - phaseBeganAt - (facts.dnsMs ?? 0);
    phaseBeganAt = performance.now();
    facts.remoteAddress = socket.remoteAddress ?? null;
    if (!(socket instanceof TLSSocket)) finish(null, socket);
  });
  socket.once('secureConnect', () => {
    facts.tlsMs = performance.now() - phaseBeganAt;
    if (socket instanceof TLSSocket) facts.tlsVersion = socket.getProtocol();
    finish(null, socket);
  });
  socket.on('error', (error) => finish(error, null));
}
