import { z } from 'zod';
import { alertSettings } from './alerts.ts';
import { asksForPrimary, isDatabaseUrl } from './database-url.ts';
import { parseKeyList } from './key-list.ts';
import { limitSettings } from './operator-limits.ts';
import { isAddress, isCidr, isHostName, isOrigin, isPort, isSocketAddress } from './setting-texts.ts';
import { readScopesOfPeople } from './trusted-people.ts';
import { wholeNumber } from './whole-number.ts';

const DECRYPTS_ONLY = /^\s*none\s*,/;

/** The object that a JSON text is; null where it is none. */
function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

/** One of a few words. */
function oneOf<const T extends string>(...words: readonly [T, ...T[]]) {
  return z.enum(words, `must be ${words.slice(0, -1).join(', ')} or ${words.at(-1)}`);
}

const port = wholeNumber(0, 65_535);
const flag = oneOf('true', 'false').transform((text) => text === 'true');
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
);
const names = list.refine((entries) => entries.every(isHostName), 'must be host names, separated by commas');
const ports = list.refine((entries) => entries.every(isPort), 'must be port numbers, separated by commas');
const keyList = z
  .string()
  .refine((text) => parseKeyList(text) !== null, 'must be base64 of 32 bytes, or several separated by commas')
  .transform((text) => parseKeyList(text) ?? []);
/** `none` before keys decrypts only: how a codec is turned off while runs that it encrypted are open. */
const codecKeys = z
  .string()
  .refine(
    (text) => parseKeyList(text.replace(DECRYPTS_ONLY, '')) !== null,
    'must be base64 of 32 bytes, or several separated by commas, with or without "none" before them',
  )
  .transform((text) => ({
    encrypts: !DECRYPTS_ONLY.test(text),
    keys: parseKeyList(text.replace(DECRYPTS_ONLY, '')) ?? [],
  }));
const requestsAMinute = wholeNumber(0, 100_000_000).default(0);
/** Temporal joins the two by a full stop. */
const buildName = z.string().regex(/^[\w-]{1,100}$/, 'must be letters, digits, _ and -, at most 100');
const text = z.string().min(1).optional();
/** Temporal's own, read as its other programs read them. */
const TEMPORAL_OWN = {
  TEMPORAL_PROFILE: text,
  TEMPORAL_CONFIG_FILE: text,
  TEMPORAL_TLS: text,
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: text,
  TEMPORAL_TLS_SERVER_CA_CERT_DATA: text,
  TEMPORAL_TLS_SERVER_NAME: text,
  TEMPORAL_TLS_CLIENT_CERT_PATH: text,
  TEMPORAL_TLS_CLIENT_CERT_DATA: text,
  TEMPORAL_TLS_CLIENT_KEY_PATH: text,
  TEMPORAL_TLS_CLIENT_KEY_DATA: text,
};
/** The variables that are read, as texts of an environment. */
export const environmentSchema = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port.optional(),
  POSTHORN_DATA_DIR: z.string().min(1).default('.posthorn'),
  DATABASE_URL: z
    .string()
    .refine(
      isDatabaseUrl,
      'must start with postgres://, with # as %23, / as %2F, ? as %3F and @ as %40 in user and password',
    )
    .refine(asksForPrimary, 'must want a server that can be written to: leave target_session_attrs out')
    .optional(),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s/]+:\d+$/, 'must be host:port')
    .optional(),
  TEMPORAL_NAMESPACE: z.string().min(1).optional(),
  TEMPORAL_API_KEY: z.string().min(1).optional(),
  ...TEMPORAL_OWN,
  TEMPORAL_UI_URL: z.url('must be a URL').optional(),
  TEMPORAL_CLI: z.string().min(1).optional(),
  POSTHORN_TEMPORAL_CODEC_KEY: codecKeys.nullable().default(null),
  POSTHORN_ADMIN_KEY: z.string().min(16, 'must have at least 16 characters').optional(),
  POSTHORN_MASTER_KEY: keyList.optional(),
  POSTHORN_ALLOWED_DESTINATIONS: list.optional(),
  POSTHORN_BASE_PATH: z
    .string()
    .regex(/^\/(?:[\w.~-]+\/?)*$/, 'must be a path such as /hooks')
    .default('/')
    .transform((path) => path.replace(/\/$/, '')),
  POSTHORN_PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be a URL such as https://hooks.example.com' })
    .transform((url) => url.replace(/\/+$/, ''))
    .nullable()
    .default(null),
  POSTHORN_PORTAL_FRAME_ANCESTORS: list
    .refine(
      (entries) => entries.every(isOrigin),
      'must be origins such as https://app.example.com, separated by commas',
    )
    .default([]),
  POSTHORN_AUTH_HEADER: z
    .string()
    .regex(/^[\w-]+$/, 'must be the name of a header')
    .transform((name) => name.toLowerCase())
    .nullable()
    .default(null),
  POSTHORN_AUTH_SCOPES: z
    .string()
    .refine((text) => readScopesOfPeople(text) !== null, 'must be JSON: names, each with a list of scopes')
    .transform(readScopesOfPeople)
    .nullable()
    .default(null),
  POSTHORN_TRUSTED_PROXIES: list
    .refine((entries) => entries.every(isCidr), 'must be addresses or CIDRs, separated by commas')
    .default([]),
  POSTHORN_DENIED_DESTINATIONS: list.default([]),
  POSTHORN_ALLOWED_PORTS: ports.transform((entries) => entries.map(Number)).default([]),
  POSTHORN_ALLOWED_HOSTS: names.default([]),
  POSTHORN_DNS_SERVERS: list
    .refine((entries) => entries.every(isSocketAddress), 'must be addresses, each with or without a port')
    .default([]),
  POSTHORN_EGRESS_ADDRESSES: list
    .transform((entries) => entries.map(readEgress))
    .refine(
      (entries) => entries.every(({ published, local }) => isAddress(published) && isAddress(local)),
      'must be addresses, each alone or as public=local',
    )
    .default([]),
  POSTHORN_PROXY_URL: z
    .string()
    .regex(/^http:\/\/[^/]+\/?$/, 'must be http://host:port, with user:password@ where needed')
    .refine((text) => URL.canParse(text), 'must be a URL')
    .transform((text) => new URL(text))
    .nullable()
    .default(null),
  POSTHORN_ALLOW_TLS_1_2: flag.default(false),
  POSTHORN_CA_FILE: z.string().min(1).optional(),
  POSTHORN_RATE_LIMIT_PER_KEY: requestsAMinute,
  POSTHORN_RATE_LIMIT_PER_CUSTOMER: requestsAMinute,
  ...limitSettings,
  ...alertSettings,
  POSTHORN_ECHO: flag.optional(),
  POSTHORN_STRICT_CUSTOMERS: flag.default(false),
  POSTHORN_ENDPOINT_DEFAULTS: z
    .string()
    .refine((text) => parseObject(text) !== null, 'must be a JSON object')
    .transform((text) => parseObject(text) ?? {})
    .default({}),
  POSTHORN_USER_AGENT: z
    .string()
    .regex(/^[\x21-\x7e][\x20-\x7e]{0,126}[\x21-\x7e]$/, 'must be 2 to 128 visible ASCII characters')
    .optional(),
  POSTHORN_HEADER_PREFIX: z
    .string()
    .regex(
      /^(?!webhook-)[A-Za-z][A-Za-z0-9-]{0,62}-$/i,
      'must be letters, digits and hyphens, end with one, and not be "webhook-"',
    )
    .default('X-Webhook-'),
  POSTHORN_VERIFY_OWNERSHIP: oneOf('on', 'off').default('off'),
  POSTHORN_DISPATCH: oneOf('auto', 'each').default('auto'),
  POSTHORN_MAX_IN_FLIGHT: wholeNumber(10, 100_000).nullable().default(null),
  POSTHORN_RETENTION_DAYS: wholeNumber(1, 3650).default(30),
  POSTHORN_PAYLOAD_RETENTION_DAYS: wholeNumber(1, 3650).nullable().default(null),
  POSTHORN_AUDIT_RETENTION_DAYS: wholeNumber(1, 36_500).default(365),
  POSTHORN_TLS_CERT_FILE: z.string().min(1).optional(),
  POSTHORN_TLS_KEY_FILE: z.string().min(1).optional(),
  POSTHORN_BUILD_ID: buildName.optional(),
  POSTHORN_DEPLOYMENT: buildName.default('posthorn'),
  POSTHORN_METRICS_PORT: z.union([z.literal('off'), port], 'must be a port number, or off').optional(),
  POSTHORN_METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  POSTHORN_SHUTDOWN_DELAY_SECONDS: wholeNumber(0, 300).optional(),
  POSTHORN_TIMING: oneOf('production', 'test').default('production'),
  NODE_ENV: z.string().optional(),
  LOG_LEVEL: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent').default('info'),
});

/** What the variables mean, defaults filled in. */
export type Environment = z.output<typeof environmentSchema>;

/** Variables whose values are shown to nobody; each can name a file instead, by `<name>_FILE`. */
export const SECRET_SETTINGS = [
  'DATABASE_URL',
  'POSTHORN_ADMIN_KEY',
  'POSTHORN_MASTER_KEY',
  'POSTHORN_TEMPORAL_CODEC_KEY',
  'TEMPORAL_API_KEY',
  'POSTHORN_PROXY_URL',
] as const;

function readEgress(entry: string): { readonly published: string; readonly local: string } {
  const [published = '', local = published] = entry.split('=').map((part) => part.trim());
  return { published, local };
}
