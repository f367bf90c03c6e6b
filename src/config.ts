import { createSecretKey, type KeyObject } from 'node:crypto';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import type { z } from 'zod';
import type { DestinationLists } from './domain/destination-lists.ts';
import type { OutageRule } from './domain/outage.ts';
import { readOutageRule } from './settings/alerts.ts';
import {
  readAuthorities,
  readServerCertificate,
  type ServerCertificate,
} from './settings/certificate-files.ts';
import { ConfigError } from './settings/config-error.ts';
import { type Environment, environmentSchema } from './settings/environment.ts';
import { type GivenSettings, readGivenSettings, showSetting, warningsOf } from './settings/given-settings.ts';
import { keptAdminKey, keptMasterKeys } from './settings/kept-keys.ts';
import { type OperatorLimits, readLimits } from './settings/operator-limits.ts';
import { readTemporalTarget, type TemporalTarget } from './settings/temporal-target.ts';
import { readTracing, type Tracing } from './settings/tracing.ts';
import type { TrustedPeople } from './settings/trusted-people.ts';

/**
 * Everything that can be set from outside, read once at start. Durations are in milliseconds unless the name says
 * otherwise.
 */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Whether the port was named by the user, so that another one must not be taken instead. */
  readonly portIsNamed: boolean;
  /** What stands before every path where a proxy mounts the API below its root: `/hooks`, else empty. */
  readonly basePath: string;
  /** Where people reach the API, without a slash at its end; null is where it listens. */
  readonly publicUrl: string | null;
  /** Origins of pages that may show the portal in a frame. */
  readonly portalFrameAncestors: readonly string[];
  readonly dataDir: string;
  /** Null means: start the embedded Postgres. */
  readonly databaseUrl: string | null;
  /** A null address means: start the embedded dev server. */
  readonly temporal: TemporalTarget;
  /** Base URL of the Temporal UI for links; null where unknown. */
  readonly temporalUiUrl: string | null;
  readonly temporalCli: string | null;
  /**
   * What Temporal stores is encrypted by the first key, where `encrypts`, and decrypted by all; null where there is
   * none.
   */
  readonly temporalCodec: { readonly encrypts: boolean; readonly keys: readonly Buffer[] } | null;
  readonly adminKey: string;
  /** Encrypt what is secret in Postgres: the first, and decrypt: all. Objects that print without their bytes. */
  readonly masterKeys: readonly KeyObject[];
  /**
   * The header by which a trusted proxy names who it has let in, and what each of them may do; null where none does.
   */
  readonly people: TrustedPeople | null;
  /** CIDRs of the proxies whose `X-Forwarded-For` counts. */
  readonly trustedProxies: readonly string[];
  /** Where deliveries may go, beside what is stored in Postgres. */
  readonly destinations: DestinationLists;
  /** Name servers as `ip` or `ip:port`; the system's where empty. */
  readonly dnsServers: readonly string[];
  /** Addresses that receivers see, each with the local one that leads to it (the same where no NAT is between). */
  readonly egressAddresses: readonly { readonly published: string; readonly local: string }[];
  /** A forward proxy for public destinations; null connects directly. */
  readonly proxyUrl: URL | null;
  /** Whether endpoints may step down to TLS 1.2. */
  readonly allowTls12: boolean;
  /** Authorities (PEM) that deliveries trust besides the well-known ones. */
  readonly authorities: readonly string[];
  /** Requests a minute of one key, and of all keys of a customer together; 0 is without limit. */
  readonly rateLimitPerKey: number;
  readonly rateLimitPerCustomer: number;
  readonly limits: OperatorLimits;
  /** When operators are told that a host fails. */
  readonly outageRule: OutageRule;
  readonly echoEnabled: boolean;
  /** Whether nothing is accepted for customers that were not registered first. */
  readonly strictCustomers: boolean;
  /** What endpoints have where nothing is said: members of a body that creates one. */
  readonly endpointDefaults: Readonly<Record<string, unknown>>;
  /** What deliveries say they come from; null is Posthorn with its version. */
  readonly userAgent: string | null;
  /** What the names of Posthorn's own headers begin with. */
  readonly headerPrefix: string;
  /** Whether an endpoint is enabled only once it has answered a challenge. */
  readonly verifyOwnership: boolean;
  readonly dispatch: 'auto' | 'each';
  /** Sends that one worker may have under way at a time; null means: by the machine's memory. */
  readonly maxInFlight: number | null;
  readonly retentionDays: number;
  /** After how many days what events carried is erased; null keeps it for as long as they are kept. */
  readonly payloadRetentionDays: number | null;
  /** How long entries of the audit log are kept. */
  readonly auditRetentionDays: number;
  /** By which times dead processes and lost deliveries are noticed. */
  readonly timing: 'production' | 'test';
  /** With which the API answers over HTTPS; null answers over HTTP. */
  readonly certificate: ServerCertificate | null;
  /** Of which version of a deployment a worker is; null where workers are not told apart. */
  readonly workerVersion: { readonly deploymentName: string; readonly buildId: string } | null;
  /** Where figures, `/live` and `/ready` are shown; a null port shows them nowhere. */
  readonly metricsHost: string;
  readonly metricsPort: number | null;
  /** Whether the port was named, so that no other will do. */
  readonly metricsPortIsNamed: boolean;
  /** How long an API that stops says that it is not ready before it closes. */
  readonly shutdownDelayMs: number;
  readonly logLevel: string;
  /** Null sends no spans. */
  readonly tracing: Tracing | null;
  /** What is given and not understood, to be told at start. */
  readonly warnings: readonly string[];
}

/**
 * What this process is: `dev` is everything in one process with embedded servers and development defaults, `all`
 * everything on one node over a Postgres of yours.
 */
export type Role = 'dev' | 'all' | 'api' | 'worker' | 'migrate';

const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/**
 * Reads the settings from an environment (empty values count as absent). The `dev` role generates missing keys and
 * keeps them in the data directory; the other roles need `DATABASE_URL`, `TEMPORAL_ADDRESS` and the keys they use.
 * @throws ConfigError with every problem at once
 */
export function readConfig(role: Role, environment: NodeJS.ProcessEnv = process.env): Config {
  return configOf(role, environment, { keepsKeys: role === 'dev' || role === 'all' });
}

/**
 * Reads them as the role would, and makes nothing: no key is generated.
 * @returns what is given and not understood
 * @throws ConfigError with every problem at once
 */
export function checkConfig(role: Role, environment: NodeJS.ProcessEnv = process.env): readonly string[] {
  return configOf(role, environment, { keepsKeys: false }).warnings;
}

function configOf(
  role: Role,
  environment: NodeJS.ProcessEnv,
  { keepsKeys }: { readonly keepsKeys: boolean },
): Config {
  const given = readGivenSettings(environment);
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) throw new ConfigError(describeIssues(parsed.error, given));
  const values = parsed.data;
  const isDev = role === 'dev';
  const dataDir = resolve(values.POSTHORN_DATA_DIR);
  const temporal = readTemporalTarget(given);
  if (!isDev) requireForProduction(role, { ...given, TEMPORAL_ADDRESS: temporal.address ?? undefined });
  return {
    host: values.HOST,
    port: values.PORT ?? 3400,
    portIsNamed: values.PORT !== undefined,
    basePath: values.POSTHORN_BASE_PATH,
    publicUrl: values.POSTHORN_PUBLIC_URL,
    portalFrameAncestors: values.POSTHORN_PORTAL_FRAME_ANCESTORS,
    dataDir,
    databaseUrl: values.DATABASE_URL ?? null,
    temporal,
    temporalUiUrl: values.TEMPORAL_UI_URL ?? null,
    temporalCli: values.TEMPORAL_CLI ?? null,
    temporalCodec: values.POSTHORN_TEMPORAL_CODEC_KEY,
    ...keysOf(values, { keepsKeys, dataDir }),
    people: peopleOf(values),
    trustedProxies: values.POSTHORN_TRUSTED_PROXIES,
    destinations: destinationsOf(values, isDev),
    rateLimitPerKey: values.POSTHORN_RATE_LIMIT_PER_KEY,
    rateLimitPerCustomer: values.POSTHORN_RATE_LIMIT_PER_CUSTOMER,
    dnsServers: values.POSTHORN_DNS_SERVERS,
    egressAddresses: values.POSTHORN_EGRESS_ADDRESSES,
    proxyUrl: values.POSTHORN_PROXY_URL,
    allowTls12: values.POSTHORN_ALLOW_TLS_1_2,
    authorities: readAuthorities(values.POSTHORN_CA_FILE),
    limits: readLimits(values),
    outageRule: readOutageRule(values),
    echoEnabled: values.POSTHORN_ECHO ?? isDev,
    strictCustomers: values.POSTHORN_STRICT_CUSTOMERS,
    endpointDefaults: values.POSTHORN_ENDPOINT_DEFAULTS,
    userAgent: values.POSTHORN_USER_AGENT ?? null,
    headerPrefix: values.POSTHORN_HEADER_PREFIX,
    verifyOwnership: values.POSTHORN_VERIFY_OWNERSHIP === 'on',
    dispatch: values.POSTHORN_DISPATCH,
    maxInFlight: values.POSTHORN_MAX_IN_FLIGHT,
    retentionDays: values.POSTHORN_RETENTION_DAYS,
    payloadRetentionDays: values.POSTHORN_PAYLOAD_RETENTION_DAYS,
    auditRetentionDays: values.POSTHORN_AUDIT_RETENTION_DAYS,
    timing: timingOf(values),
    certificate: readServerCertificate(values.POSTHORN_TLS_CERT_FILE, values.POSTHORN_TLS_KEY_FILE),
    workerVersion: workerVersionOf(values),
    metricsHost: values.POSTHORN_METRICS_HOST,
    metricsPort: metricsPortOf(values, role),
    metricsPortIsNamed: values.POSTHORN_METRICS_PORT !== undefined,
    shutdownDelayMs: (values.POSTHORN_SHUTDOWN_DELAY_SECONDS ?? (isDev ? 0 : 5)) * 1_000,
    logLevel: values.LOG_LEVEL,
    tracing: readTracing(given),
    warnings: warningsOf(given),
  };
}

function keysOf(
  { POSTHORN_ADMIN_KEY, POSTHORN_MASTER_KEY }: Environment,
  { keepsKeys, dataDir }: { readonly keepsKeys: boolean; readonly dataDir: string },
): Pick<Config, 'adminKey' | 'masterKeys'> {
  const masterKeys = POSTHORN_MASTER_KEY ?? (keepsKeys ? keptMasterKeys(dataDir) : []);
  return {
    adminKey: POSTHORN_ADMIN_KEY ?? (keepsKeys ? keptAdminKey(dataDir) : ''),
    masterKeys: masterKeys.map((key) => createSecretKey(key)),
  };
}

/** Times for tests lose no delivery, but two processes of different times may send one twice. */
function timingOf({ POSTHORN_TIMING, NODE_ENV }: Environment): Config['timing'] {
  if (POSTHORN_TIMING === 'production' || NODE_ENV !== 'production') return POSTHORN_TIMING;
  throw new ConfigError('POSTHORN_TIMING="test": is refused where NODE_ENV is production');
}

function workerVersionOf({ POSTHORN_BUILD_ID, POSTHORN_DEPLOYMENT }: Environment): Config['workerVersion'] {
  if (POSTHORN_BUILD_ID === undefined) return null;
  return { deploymentName: POSTHORN_DEPLOYMENT, buildId: POSTHORN_BUILD_ID };
}

/** A worker beside an API on one machine has a port of its own. */
const METRICS_PORTS = { dev: 9464, all: 9464, api: 9464, worker: 9465, migrate: null } as const;

function metricsPortOf({ POSTHORN_METRICS_PORT: named }: Environment, role: Role): number | null {
  if (named === 'off') return null;
  return named ?? METRICS_PORTS[role];
}

/** Without a proxy that is trusted the header would be anybody's word. */
function peopleOf(values: Environment): TrustedPeople | null {
  const {
    POSTHORN_AUTH_HEADER: header,
    POSTHORN_AUTH_SCOPES: scopes,
    POSTHORN_TRUSTED_PROXIES: proxies,
  } = values;
  if (header === null) return null;
  if (proxies.length === 0)
    throw new ConfigError('POSTHORN_AUTH_HEADER needs POSTHORN_TRUSTED_PROXIES to be set');
  if (scopes === null) throw new ConfigError('POSTHORN_AUTH_HEADER needs POSTHORN_AUTH_SCOPES to be set');
  return { header, scopes };
}

function destinationsOf(values: Environment, isDev: boolean): DestinationLists {
  return {
    allowed: values.POSTHORN_ALLOWED_DESTINATIONS ?? (isDev ? LOOPBACK : []),
    denied: values.POSTHORN_DENIED_DESTINATIONS,
    ports: values.POSTHORN_ALLOWED_PORTS,
    hosts: values.POSTHORN_ALLOWED_HOSTS,
  };
}

/** The directories of PATH, and this user's cache directory for Posthorn (XDG Base Directory Specification). */
export function readHostPaths(environment: NodeJS.ProcessEnv = process.env): {
  readonly searchPath: readonly string[];
  readonly cacheDir: string;
} {
  return {
    searchPath: (environment.PATH ?? '').split(delimiter).filter((entry) => entry !== ''),
    cacheDir: join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'posthorn'),
  };
}

/**
 * Where Temporal is and what is to be kept there, for whoever looks at nothing else.
 * @throws ConfigError where that makes no sense
 */
export function readTemporalConfig(environment: NodeJS.ProcessEnv = process.env): TemporalTarget {
  return readTemporalTarget(readGivenSettings(environment));
}

function describeIssues(error: z.ZodError, given: GivenSettings): string {
  return error.issues
    .map((issue) => {
      const name = String(issue.path[0]);
      return `${name}=${showSetting(name, given[name])}: ${issue.message}`;
    })
    .join('\n');
}

const NEEDED: Readonly<Record<Exclude<Role, 'dev'>, readonly string[]>> = {
  all: ['DATABASE_URL'],
  api: ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'POSTHORN_ADMIN_KEY', 'POSTHORN_MASTER_KEY'],
  worker: ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'POSTHORN_MASTER_KEY'],
  migrate: ['DATABASE_URL'],
};

function requireForProduction(role: Exclude<Role, 'dev'>, given: GivenSettings): void {
  const missing = NEEDED[role].filter((name) => given[name] === undefined);
  if (missing.length > 0) throw new ConfigError(`posthorn ${role} needs ${missing.join(', ')} to be set`);
}
