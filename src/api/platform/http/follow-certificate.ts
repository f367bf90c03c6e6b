import type { Server } from 'node:http';
import type { Server as SecureServer } from 'node:https';
import type { Logger } from '../../../logger.ts';
import type { ServerCertificate } from '../../../settings/certificate-files.ts';

const REREAD_EVERY_MS = 10_000;

/**
 * Has a server answer with a renewed certificate once its files have changed; connections that are open keep theirs.
 * While the files cannot be used, as in the middle of being replaced, the last certificate is.
 */
export function followCertificate(
  server: Server | SecureServer,
  { certificate, logger }: { readonly certificate: ServerCertificate | null; readonly logger: Logger },
): void {
  if (certificate === null || !('setSecureContext' in server)) return;
  let current = certificate;
  const timer = setInterval(() => {
    try {
      const next = certificate.reread();
      if (next.cert === current.cert && next.key === current.key) return;
      server.setSecureContext({ cert: next.cert, key: next.key, minVersion: LEAST_VERSION });
      current = next;
      logger.info('the API answers with a renewed certificate');
    } catch (error) {
      logger.warn({ error: String(error) }, 'the renewed certificate cannot be used; the last one still is');
    }
  }, REREAD_EVERY_MS).unref();
  server.on('close', () => clearInterval(timer));
}

/** What browsers and libraries of the last ten years speak. */
export const LEAST_VERSION = 'TLSv1.2';
