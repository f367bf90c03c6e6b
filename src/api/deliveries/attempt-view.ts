import { z } from 'zod';
import { isSensitiveHeaderName, MASK } from '../../domain/endpoint.ts';
import { adviceFor } from '../../domain/error-code.ts';
import type { RecordedAttempt } from '../../storage/history/attempt-store.ts';
import type { Caller } from '../platform/access/caller.ts';
import { showMilliseconds } from '../platform/answers/milliseconds.ts';
import { errorCode } from '../platform/answers/named-schemas.ts';
import { type AttemptParent, bodyOfAttempt, roughLengthOfBody } from './attempt-body.ts';

const phase = z.number().nullable();
/** Bodies of one answer, as they are answered; with the headers of some attempts that stays below 1 MiB. */
const MAX_BODIES_BYTES = 393_216;

/** One HTTP request of a delivery; what is unknown of it is null. */
export const attemptAnswer = z
  .object({
    number: z.int(),
    started_at: z.iso.datetime(),
    duration_ms: z.number().nullable(),
    status_code: z.int().nullable(),
    error_code: errorCode.nullable(),
    error_detail: z.string().nullable(),
    note: z
      .string()
      .nullable()
      .meta({ description: 'What was odd about an answer that counts as a success.' }),
    advice: z.string().nullable().meta({ description: 'What to do about the error.' }),
    trigger: z.enum(['automatic', 'manual', 'test']),
    batch_id: z.string().nullable().meta({
      description: 'The batch that the request carried, with all its deliveries; null where this went alone.',
    }),
    request: z
      .object({ url: z.string(), headers: z.record(z.string(), z.string()), body: z.string().nullable() })
      .nullable()
      .meta({ description: 'As it was sent; sensitive header values read ***.' }),
    response: z
      .object({
        headers: z.record(z.string(), z.string()),
        body: z.string(),
        truncated: z.boolean().meta({ description: 'Whether the body was longer than what is kept of it.' }),
      })
      .nullable(),
    timings: z
      .object({ dns_ms: phase, connect_ms: phase, tls_ms: phase, first_byte_ms: phase, total_ms: z.number() })
      .nullable(),
    bodies_omitted: z
      .literal(true)
      .optional()
      .meta({
        description:
          'Where the bodies of request and response are left out (request.body null, response.body ' +
          'empty) so that the answer stays short; read alone, the attempt has them.',
      }),
    tls_version: z.string().nullable(),
    resent: z.boolean().meta({
      description:
        'Whether it went out twice, within its one deadline: a kept ' +
        'connection had ended before the first byte of an answer.',
    }),
    remote_address: z
      .string()
      .nullable()
      .optional()
      .meta({ description: 'Address connected to; for the operator only.' }),
  })
  .meta({ id: 'Attempt' });

export type AttemptAnswer = z.infer<typeof attemptAnswer>;

/**
 * Shapes attempts of a delivery for one answer, the newest one first: with bodies as long as these fit, without from
 * then on.
 */
export function showAttempts(
  attempts: readonly RecordedAttempt[],
  of: { readonly delivery: AttemptParent; readonly caller: Caller },
): AttemptAnswer[] {
  let room = MAX_BODIES_BYTES;
  return attempts.map((attempt) => {
    // Looked at first, so that nothing long is built to be left out.
    const isLong = roughLengthOfBody(attempt, of.delivery) > room;
    const shown = isLong ? null : showAttempt(attempt, of);
    room -= shown === null ? MAX_BODIES_BYTES : bytesOfBodies(shown);
    return shown === null || room < 0 ? withoutBodies(attempt, of) : shown;
  });
}

/** Shapes an attempt whole; the request's body is built again from what was stored of it. */
export function showAttempt(
  attempt: RecordedAttempt,
  { delivery, caller }: { readonly delivery: AttemptParent; readonly caller: Caller },
): AttemptAnswer {
  return {
    number: attempt.number,
    started_at: attempt.startedAt.toISOString(),
    duration_ms: showMilliseconds(attempt.durationMs),
    status_code: attempt.statusCode,
    error_code: attempt.errorCode,
    error_detail: attempt.errorCode === null ? null : attempt.errorDetail,
    note: attempt.errorCode === null ? attempt.errorDetail : null,
    advice: attempt.errorCode === null ? null : adviceFor(attempt.errorCode),
    trigger: attempt.trigger,
    batch_id: attempt.batchId,
    request: showRequest(attempt, delivery),
    response: showResponse(attempt),
    timings: showTimings(attempt),
    tls_version: attempt.tlsVersion,
    resent: attempt.resent,
    ...(caller.kind === 'operator' && { remote_address: attempt.remoteAddress }),
  };
}

function bytesOfBodies({ request, response }: AttemptAnswer): number {
  return Buffer.byteLength(JSON.stringify([request?.body, response?.body]));
}

function withoutBodies(attempt: RecordedAttempt, of: Parameters<typeof showAttempt>[1]): AttemptAnswer {
  const bare = { ...attempt, signature: null, responseBody: null };
  return { ...showAttempt(bare, of), bodies_omitted: true };
}

function showRequest(attempt: RecordedAttempt, delivery: AttemptParent): AttemptAnswer['request'] {
  const { requestUrl: url, requestHeaders: headers } = attempt;
  if (url === null) return null;
  const masked = Object.entries(headers ?? {}).map(maskSensitive);
  return { url, headers: Object.fromEntries(masked), body: bodyOfAttempt(attempt, delivery) };
}

function showResponse(attempt: RecordedAttempt): AttemptAnswer['response'] {
  const { responseHeaders, responseBody, responseTruncated } = attempt;
  if (responseHeaders === null) return null;
  const headers = new Map<string, string>();
  for (const [name, value] of responseHeaders.map(maskSensitive)) {
    const earlier = headers.get(name.toLowerCase());
    headers.set(name.toLowerCase(), earlier === undefined ? value : `${earlier}, ${value}`);
  }
  return {
    headers: Object.fromEntries(headers),
    body: responseBody?.toString('utf8') ?? '',
    truncated: responseTruncated,
  };
}

function showTimings({ timings }: RecordedAttempt): AttemptAnswer['timings'] {
  if (timings === null) return null;
  return {
    dns_ms: showMilliseconds(timings.dnsMs),
    connect_ms: showMilliseconds(timings.connectMs),
    tls_ms: showMilliseconds(timings.tlsMs),
    first_byte_ms: showMilliseconds(timings.firstByteMs),
    total_ms: showMilliseconds(timings.totalMs),
  };
}

function maskSensitive([name, value]: readonly [string, string]): readonly [string, string] {
  return [name, isSensitiveHeaderName(name) ? MASK : value];
}
