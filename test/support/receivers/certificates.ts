import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** A certificate with its key, both PEM, as `tls.createServer` takes them. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** One made-up authority and what it has issued; all for the name `receiver.example` unless said. */
export interface Certificates {
  readonly authority: string;
  readonly valid: Certificate;
  readonly expired: Certificate;
  readonly notYetValid: Certificate;
  readonly wrongName: Certificate;
  /** For the address 127.0.0.1. */
  readonly address: Certificate;
  readonly localhost: Certificate;
  /** Signed by its own key. */
  readonly selfSigned: Certificate;
  /** Of an authority that nobody trusts. */
  readonly untrusted: Certificate;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;

/** Makes everything anew, in some ten milliseconds. */
export async function createCertificates(): Promise<Certificates> {
  x509.cryptoProvider.set(webcrypto);
  const trusted = await createAuthority('Posthorn test authority');
  const stranger = await createAuthority('Somebody else');
  const names: x509.JsonGeneralName[] = [{ type: 'dns', value: 'receiver.example' }];
  return {
    authority: trusted.certificate.toString('pem'),
    valid: await issue(trusted, { names }),
    expired: await issue(trusted, { names, fromDays: -30, toDays: -1 }),
    notYetValid: await issue(trusted, { names, fromDays: 1, toDays: 30 }),
    wrongName: await issue(trusted, { names: [{ type: 'dns', value: 'other.example' }] }),
    address: await issue(trusted, { names: [{ type: 'ip', value: '127.0.0.1' }] }),
    localhost: await issue(trusted, { names: [{ type: 'dns', value: 'localhost' }] }),
    selfSigned: await issue(null, { names }),
    untrusted: await issue(stranger, { names }),
  };
}

/** One certificate for all of these IP addresses, with the authority that issued it. */
export async function certifyAddresses(
  addresses: readonly string[],
): Promise<{ readonly authority: string; readonly certificate: Certificate }> {
  x509.cryptoProvider.set(webcrypto);
  const authority = await createAuthority('Posthorn test authority');
  const names = addresses.map((value): x509.JsonGeneralName => ({ type: 'ip', value }));
  return {
    authority: authority.certificate.toString('pem'),
    certificate: await issue(authority, { names }),
  };
}

interface Authority {
  readonly certificate: x509.X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

async function createAuthority(commonName: string): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${commonName}`,
    keys,
    signingAlgorithm: ALGORITHM,
    notBefore: daysFromNow(-60),
    notAfter: daysFromNow(60),
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  return { certificate, keys };
}

interface Wishes {
  readonly names: x509.JsonGeneralName[];
  readonly fromDays?: number;
  readonly toDays?: number;
}

async function issue(authority: Authority | null, wishes: Wishes): Promise<Certificate> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const subject = 'CN=receiver';
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: authority?.certificate.subject ?? subject,
    publicKey: keys.publicKey,
    signingKey: authority?.keys.privateKey ?? keys.privateKey,
    signingAlgorithm: ALGORITHM,
    notBefore: daysFromNow(wishes.fromDays ?? -30),
    notAfter: daysFromNow(wishes.toDays ?? 30),
    extensions: [new x509.SubjectAlternativeNameExtension(wishes.names)],
  });
  const key = x509.PemConverter.encode(
    await webcrypto.subtle.exportKey('pkcs8', keys.privateKey),
    'PRIVATE KEY',
  );
  return { cert: certificate.toString('pem'), key };
}

function daysFromNow(days: number): Date {
  return new Date(Date.now() + days * DAY_MS);
}
