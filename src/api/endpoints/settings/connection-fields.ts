import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Config } from '../../../config.ts';
import { MASK } from '../../../domain/endpoint.ts';
import { DEFAULT_ROUTE, type EndpointRoute } from '../../../domain/endpoint-route.ts';
import type { InputProblem } from '../../../domain/errors.ts';

const MAX_PEM_LENGTH = 16_384;
/** A handshake with a key of 16,384 bits would hold up all that a worker sends for a quarter of a second. */
const MAX_RSA_BITS = 4_096;
const pem = z.string().min(1).max(MAX_PEM_LENGTH).nullable();

/** The `tls` member, every part of it optional. */
export const tlsField = z
  .strictObject({
    min_version: z.enum(['1.2', '1.3']).optional(),
    client_certificate: pem.optional().meta({ description: 'PEM, with its chain; given with client_key.' }),
    client_key: pem
      .optional()
      .meta({ description: 'PEM, not encrypted. Never shown again: answers have ***.' }),
  })
  .meta({ description: 'Members left out keep their value. 1.2 only where the operator allows it.' });

/** The `egress_address` member. */
export const egressField = z
  .string()
  .meta({ description: 'One of GET /v1/egress, from which deliveries to this endpoint come.' });

interface RouteInput {
  readonly tls?: z.output<typeof tlsField> | null | undefined;
  readonly egress_address?: string | null | undefined;
}

/** What the operator's configuration admits. */
export type RouteLimits = Pick<Config, 'allowTls12' | 'egressAddresses'>;

/** What `tls` and `egress_address` make of a route, and what is wrong with them. */
export function mergeRoute(
  input: RouteInput,
  { current, limits }: { readonly current: EndpointRoute | null; readonly limits: RouteLimits },
): { readonly route: EndpointRoute | null; readonly problems: readonly InputProblem[] } {
  const base = current ?? DEFAULT_ROUTE;
  const tls = input.tls === null ? DEFAULT_ROUTE : merged(input.tls ?? {}, base);
  const egressAddress = input.egress_address === undefined ? base.egressAddress : input.egress_address;
  const route = { ...tls, egressAddress };
  const problems = [
    ...(input.tls?.min_version === undefined ? [] : versionProblems(route, limits)),
    ...certificateProblems(route, base),
    ...(typeof input.egress_address === 'string' ? egressProblems(input.egress_address, limits) : []),
  ];
  const isDefault = isDeepStrictEqual(route, DEFAULT_ROUTE);
  return { route: isDefault ? null : route, problems };
}

/** The `tls` member of an answer. */
export function showTls(route: EndpointRoute | null) {
  const { minTlsVersion, clientCertificate, clientKey } = route ?? DEFAULT_ROUTE;
  return {
    min_version: minTlsVersion,
    client_certificate: clientCertificate,
    client_key: clientKey === null ? null : MASK,
  };
}

function merged(tls: z.output<typeof tlsField>, base: EndpointRoute): EndpointRoute {
  return {
    ...base,
    minTlsVersion: tls.min_version ?? base.minTlsVersion,
    clientCertificate: tls.client_certificate === undefined ? base.clientCertificate : tls.client_certificate,
    clientKey: tls.client_key === undefined ? base.clientKey : tls.client_key,
  };
}

function versionProblems(
  { minTlsVersion }: EndpointRoute,
  { allowTls12 }: RouteLimits,
): readonly InputProblem[] {
  if (minTlsVersion === '1.3' || allowTls12) return [];
  const message = 'TLS 1.2 is not allowed here; the operator can allow it by POSTHORN_ALLOW_TLS_1_2.';
  return [{ pointer: '/tls/min_version', code: 'tls_version_not_allowed', message }];
}

function certificateProblems(route: EndpointRoute, base: EndpointRoute): readonly InputProblem[] {
  const { clientCertificate: certificate, clientKey: key } = route;
  if (certificate === null && key === null) return [];
  if (certificate === null) {
    const message = 'A client key is of no use without client_certificate; give both, or null for both.';
    return [{ pointer: '/tls/client_certificate', code: 'required', message }];
  }
  if (key === null || (key === MASK && certificate !== base.clientCertificate)) {
    const message = 'A client certificate needs its client_key; give both, or null for both.';
    return [{ pointer: '/tls/client_key', code: 'required', message }];
  }
  return key === MASK ? [] : pairProblems(certificate, key);
}

function pairProblems(certificate: string, key: string): readonly InputProblem[] {
  const parsed = attempt(() => new X509Certificate(certificate));
  const parsedKey = attempt(() => createPrivateKey(key));
  const problems: InputProblem[] = [];
  if (parsed === null) {
    const message = 'Must be a certificate in PEM.';
    problems.push({ pointer: '/tls/client_certificate', code: 'invalid_certificate', message });
  }
  if (/PRIVATE KEY/.test(certificate)) {
    const message = 'Must hold certificates only: the key belongs into client_key, which is encrypted.';
    problems.push({ pointer: '/tls/client_certificate', code: 'private_key_in_certificate', message });
  }
  if (parsedKey === null) {
    const message = 'Must be a private key in PEM, not encrypted.';
    problems.push({ pointer: '/tls/client_key', code: 'invalid_private_key', message });
  }
  if ((parsedKey?.asymmetricKeyDetails?.modulusLength ?? 0) > MAX_RSA_BITS) {
    const message = `An RSA key may have ${MAX_RSA_BITS} bits at most.`;
    problems.push({ pointer: '/tls/client_key', code: 'private_key_too_large', message });
  }
  if (parsed !== null && parsedKey !== null && !parsed.checkPrivateKey(parsedKey)) {
    const message = 'The key does not belong to client_certificate.';
    problems.push({ pointer: '/tls/client_key', code: 'key_mismatch', message });
  }
  return problems;
}

function attempt<T>(parse: () => T): T | null {
  try {
    return parse();
  } catch {
    return null;
  }
}

function egressProblems(address: string, { egressAddresses }: RouteLimits): readonly InputProblem[] {
  if (egressAddresses.some(({ published }) => published === address)) return [];
  const message = `${JSON.stringify(address)} is no egress address; see GET /v1/egress.`;
  return [{ pointer: '/egress_address', code: 'unknown_egress_address', message }];
}
