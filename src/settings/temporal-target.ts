import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import { ConfigError } from './config-error.ts';
import type { GivenSettings } from './given-settings.ts';

/** Where Temporal is and how to show oneself there, as Temporal's own variables and profiles say. */
export interface TemporalTarget {
  /** `host:port`; null where none is named. */
  readonly address: string | null;
  readonly namespace: string;
  readonly tls: NonNullable<ClientConnectConfig['connectionOptions']['tls']>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly apiKey: string | null;
  /** A file with the key, which is read again when it changes. */
  readonly apiKeyFile: string | null;
}

const DEFAULT_NAMESPACE = 'default';

/**
 * Reads where Temporal is from `TEMPORAL_…`, and from a profile where one is named: somebody's usual profile is not to
 * be taken for where their deliveries run.
 * @throws ConfigError where a file cannot be read or two settings contradict each other
 */
export function readTemporalTarget(given: GivenSettings): TemporalTarget {
  const apiKeyFile = given.TEMPORAL_API_KEY_FILE ?? null;
  const { namespace, connectionOptions } = load(given);
  const { address = null, tls = false, metadata = {}, apiKey = null } = connectionOptions;
  requireWholeCertificate(given);
  if (given.TEMPORAL_TLS_DISABLE_HOST_VERIFICATION !== undefined)
    throw new ConfigError(
      'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION is not supported: name the authority in TEMPORAL_TLS_SERVER_CA_CERT_PATH',
    );
  return {
    address,
    namespace: namespace ?? DEFAULT_NAMESPACE,
    tls: tls ?? false,
    metadata: Object.fromEntries(Object.entries(metadata).map(([name, text]) => [name, String(text)])),
    apiKey,
    apiKeyFile,
  };
}

function load(given: GivenSettings): ClientConnectConfig {
  const variables = Object.entries(given).filter(([name]) =>
    /^(?:TEMPORAL_|HOME$|XDG_CONFIG_HOME$)/.test(name),
  );
  const overrideEnvVars: Record<string, string> = {};
  for (const [name, text] of variables) if (text !== undefined) overrideEnvVars[name] = text;
  const hasProfile = given.TEMPORAL_CONFIG_FILE !== undefined || given.TEMPORAL_PROFILE !== undefined;
  try {
    return loadClientConnectConfig({ disableFile: !hasProfile, overrideEnvVars });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`Temporal's settings (TEMPORAL_…) cannot be used: ${reason}`, { cause });
  }
}

/** A certificate without its key is silently left out by the reader of these settings. */
function requireWholeCertificate(given: GivenSettings): void {
  const hasCertificate = ['PATH', 'DATA'].some(
    (form) => given[`TEMPORAL_TLS_CLIENT_CERT_${form}`] !== undefined,
  );
  const hasKey = ['PATH', 'DATA'].some((form) => given[`TEMPORAL_TLS_CLIENT_KEY_${form}`] !== undefined);
  if (hasCertificate === hasKey) return;
  throw new ConfigError('TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH are needed together');
}
