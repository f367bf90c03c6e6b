import {
  bigint,
  boolean,
  customType,
  doublePrecision,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';
import type { ApiKeyScope } from '../../domain/api-key.ts';
import type { AttemptTimings, AttemptTrigger } from '../../domain/attempt.ts';
import type { BatchSettings } from '../../domain/batch.ts';
import { type BreakerSettings, DEFAULT_BREAKER_SETTINGS } from '../../domain/breaker.ts';
import type { DeadReason, DeliveryStatus } from '../../domain/delivery.ts';
import type { CustomHeader, EndpointStatus } from '../../domain/endpoint.ts';
import type { EndpointRoute } from '../../domain/endpoint-route.ts';
import type { RateLimit } from '../../domain/rate-limit.ts';
import type { RetryPolicy } from '../../domain/retry-schedule.ts';

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Header as stored: of a sensitive one `value` is base64 of its ciphertext. */
export type StoredHeader = CustomHeader;

export const eventTypes = pgTable('event_types', {
  name: text('name').primaryKey(),
  description: text('description').notNull(),
  schema: jsonb('schema').$type<Record<string, unknown>>(),
  broadcast: boolean('broadcast').notNull().default(false),
  optIn: boolean('opt_in').notNull().default(false),
  createdAt: instant('created_at').notNull().defaultNow(),
});

export const endpoints = pgTable('endpoints', {
  id: text('id').primaryKey(),
  customerId: text('customer_id'),
  url: text('url').notNull(),
  description: text('description').notNull(),
  events: text('events').array().notNull(),
  headers: jsonb('headers').$type<readonly StoredHeader[]>().notNull(),
  timeoutMs: integer('timeout_ms').notNull(),
  retry: jsonb('retry').$type<RetryPolicy>().notNull(),
  /** The client key is base64 of its ciphertext. */
  route: jsonb('route').$type<EndpointRoute>(),
  status: text('status').$type<EndpointStatus>().notNull().default('enabled'),
  disabledReason: text('disabled_reason'),
  rateLimit: jsonb('rate_limit').$type<RateLimit>(),
  maxConcurrency: integer('max_concurrency'),
  batch: jsonb('batch').$type<BatchSettings>(),
  ordered: boolean('ordered').notNull().default(false),
  breaker: jsonb('breaker').$type<BreakerSettings>().notNull().default(DEFAULT_BREAKER_SETTINGS),
  statusSince: instant('status_since').notNull().defaultNow(),
  statusBy: text('status_by'),
  statusReason: text('status_reason'),
  createdAt: instant('created_at').notNull().defaultNow(),
  updatedAt: instant('updated_at').notNull().defaultNow(),
  deletedAt: instant('deleted_at'),
});

/** One row an endpoint, from its creation: while a gate is shut, publish holds deliveries back. */
export const gates = pgTable('gates', {
  endpointId: text('endpoint_id').primaryKey(),
  isOpen: boolean('is_open').notNull().default(true),
  /** Whether nobody drains it, so that whoever holds something back has to wake its workflow. */
  needsWake: boolean('needs_wake').notNull().default(false),
});

/**
 * Signing secrets of an endpoint, live until they expire. Where there is room for one only the promoted one signs, else the
 * one with the lowest number; the newest has no expiry.
 */
export const endpointSecrets = pgTable(
  'endpoint_secrets',
  {
    endpointId: text('endpoint_id').notNull(),
    number: integer('number').notNull(),
    ciphertext: bytea('ciphertext').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    isPromoted: boolean('is_promoted').notNull().default(false),
    expiresAt: instant('expires_at'),
  },
  (table) => [primaryKey({ columns: [table.endpointId, table.number] })],
);

export const events = pgTable('events', {
  id: text('id').primaryKey(),
  event: text('event').notNull(),
  customerId: text('customer_id'),
  data: text('data').notNull(),
  isTest: boolean('is_test').notNull().default(false),
  deliverAt: instant('deliver_at'),
  cancelledAt: instant('cancelled_at'),
  deliveries: integer('deliveries').notNull(),
  createdAt: instant('created_at').notNull(),
});

export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    scope: text('scope').notNull(),
    key: text('key').notNull(),
    requestHash: bytea('request_hash').notNull(),
    eventId: text('event_id').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.key] })],
);

/** `customerId` is the endpoint's customer, which decides who may see the delivery. */
export const deliveries = pgTable('deliveries', {
  id: text('id').primaryKey(),
  eventId: text('event_id').notNull(),
  endpointId: text('endpoint_id').notNull(),
  customerId: text('customer_id'),
  event: text('event').notNull(),
  isTest: boolean('is_test').notNull().default(false),
  status: text('status').$type<DeliveryStatus>().notNull(),
  attemptsMade: integer('attempts_made').notNull().default(0),
  retriesUsed: integer('retries_used').notNull().default(0),
  dueAt: instant('due_at'),
  recheckAt: instant('recheck_at'),
  rechecks: integer('rechecks').notNull().default(0),
  trigger: text('trigger').$type<AttemptTrigger>(),
  owner: text('owner'),
  runId: text('run_id'),
  claimedAt: instant('claimed_at'),
  leaseUntil: instant('lease_until'),
  priorStatus: text('prior_status').$type<DeliveryStatus>(),
  priorDueAt: instant('prior_due_at'),
  retryMark: text('retry_mark'),
  /** Its place in line, for endpoints that keep the order. */
  position: bigint('position', { mode: 'number' }),
  batchId: text('batch_id'),
  /** The replay that released it last. */
  replayId: text('replay_id'),
  /** From when on a wave may take it; null where a run of its own looks after it. */
  waveAt: instant('wave_at'),
  /** The same for one that found its endpoint's window full, so that it stands in nobody's way. */
  lastStatusCode: integer('last_status_code'),
  lastErrorCode: text('last_error_code'),
  deadReason: text('dead_reason').$type<DeadReason>(),
  createdAt: instant('created_at').notNull(),
  finishedAt: instant('finished_at'),
});

export const attempts = pgTable(
  'attempts',
  {
    deliveryId: text('delivery_id').notNull(),
    number: integer('number').notNull(),
    endpointId: text('endpoint_id').notNull(),
    trigger: text('trigger').$type<AttemptTrigger>().notNull(),
    startedAt: instant('started_at').notNull(),
    signedAt: instant('signed_at'),
    durationMs: doublePrecision('duration_ms'),
    statusCode: integer('status_code'),
    errorCode: text('error_code'),
    errorDetail: text('error_detail'),
    requestUrl: text('request_url'),
    /** As sent, sensitive values masked. */
    requestHeaders: json('request_headers').$type<Record<string, string>>(),
    signature: text('signature'),
    responseHeaders: json('response_headers').$type<readonly (readonly [string, string])[]>(),
    responseBody: bytea('response_body'),
    responseTruncated: boolean('response_truncated').notNull().default(false),
    timings: json('timings').$type<AttemptTimings>(),
    remoteAddress: text('remote_address'),
    tlsVersion: text('tls_version'),
    /** The batch it went with, and which attempt of that this was. */
    batchId: text('batch_id'),
    batchAttempt: integer('batch_attempt'),
  },
  (table) => [primaryKey({ columns: [table.deliveryId, table.number] })],
);

/** Who goes in one call, in order; what was retried by hand alone has a batch of one. */
export const batches = pgTable('batches', {
  id: text('id').primaryKey(),
  endpointId: text('endpoint_id').notNull(),
  deliveryIds: text('delivery_ids').array().notNull(),
  attemptsMade: integer('attempts_made').notNull().default(0),
  createdAt: instant('created_at').notNull().defaultNow(),
});

export const apiKeys = pgTable('api_keys', {
  id: text('id').primaryKey(),
  customerId: text('customer_id'),
  name: text('name').notNull(),
  keyHash: bytea('key_hash').notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
  lastUsedAt: instant('last_used_at'),
  revokedAt: instant('revoked_at'),
  scopes: text('scopes').array().$type<readonly ApiKeyScope[]>().notNull(),
  expiresAt: instant('expires_at'),
  allowedCidrs: text('allowed_cidrs').array().notNull(),
});

/** Texts that rotation replaced, each good until its overlap ends. */
export const apiKeyFormerTexts = pgTable('api_key_former_texts', {
  keyHash: bytea('key_hash').primaryKey(),
  keyId: text('key_id').notNull(),
  validUntil: instant('valid_until').notNull(),
});

/** Requests counted by limit and window; unlogged, since a crash may forget them. */
export const rateLimitWindows = pgTable(
  'rate_limit_windows',
  {
    subject: text('subject').notNull(),
    startedAt: instant('started_at').notNull(),
    used: integer('used').notNull(),
  },
  (table) => [primaryKey({ columns: [table.subject, table.startedAt] })],
);

/** Who changed what, when and from where; `customerId` is that of the subject. */
export const auditEntries = pgTable('audit_entries', {
  id: text('id').primaryKey(),
  createdAt: instant('created_at').notNull().defaultNow(),
  action: text('action').notNull(),
  subjectId: text('subject_id'),
  customerId: text('customer_id'),
  actor: text('actor').$type<'operator' | 'customer'>().notNull(),
  keyId: text('key_id'),
  address: text('address'),
  requestId: text('request_id').notNull(),
  changed: text('changed').array().notNull(),
  affected: integer('affected'),
});
