import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ConfigError } from './config-error.ts';

/** With which certificate the API answers over HTTPS: PEM, the whole chain, and where it came from. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
  /** Reads both files again. @throws ConfigError where they cannot be used */
  readonly reread: () => ServerCertificate;
}

/** @throws ConfigError where only one of the files is named, or they cannot be read or do not belong together */
export function readServerCertificate(
  certFile: string | undefined,
  keyFile: string | undefined,
): ServerCertificate | null {
  if (certFile === undefined && keyFile === undefined) return null;
  if (certFile === undefined || keyFile === undefined)
    throw new ConfigError('POSTHORN_TLS_CERT_FILE and POSTHORN_TLS_KEY_FILE are needed together');
  return read(certFile, keyFile);
}

function read(certFile: string, keyFile: string): ServerCertificate {
  const pair = {
    cert: readPem('POSTHORN_TLS_CERT_FILE', certFile),
    key: readPem('POSTHORN_TLS_KEY_FILE', keyFile),
  };
  try {
    createSecureContext(pair);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`POSTHORN_TLS_CERT_FILE and POSTHORN_TLS_KEY_FILE cannot be used: ${reason}`, {
      cause,
    });
  }
  return { ...pair, reread: () => read(certFile, keyFile) };
}

function readPem(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`${name}=${JSON.stringify(file)}: ${reason}`, { cause });
  }
}

/**
 * The certificates of a PEM file, each by itself.
 * @throws ConfigError where it cannot be read or holds none
 */
export function readAuthorities(file: string | undefined): readonly string[] {
  if (file === undefined) return [];
  try {
    const found = readFileSync(file, 'utf8').match(
      /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g,
    );
    if (found === null) throw new Error('it holds no certificate');
    return found.map((pem) => new X509Certificate(pem).toString());
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`POSTHORN_CA_FILE=${JSON.stringify(file)}: ${reason}`, { cause });
  }
}
