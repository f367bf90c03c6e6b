import { KEPT_COLUMNS } from './ends.ts';

/** SQL: keeps the attempt that stands with each ended delivery of these among the further ones. @param from FROM on */
export function keepAttempt(from: string): string {
  return `
    INSERT INTO further_attempts (delivery_id, number, endpoint_id, trigger, started_at, signed_at, duration_ms,
      status_code,
      error_code, error_detail, request_url, request_headers, signature, response_headers, response_body,
      response_truncated, timings, remote_address, tls_version, resent)
    SELECT id, 1, endpoint_id, trigger, started_at, signed_at, duration_ms, last_status_code, last_error_code,
      error_detail, request_url, request_headers, signature, response_headers, response_body, response_truncated,
      timings, remote_address, tls_version, resent
    ${from} AND started_at IS NOT NULL`;
}

/** Ids with the least and the greatest of them, so that a plan for all values looks at their days only. */
const IS_OF = 'id = ANY($1) AND id BETWEEN $2 AND $3';

/**
 * SQL: moves the ended deliveries $1, from $2 to $3, to the open ones, as they are, because somebody wants them sent
 * again.
 */
export const REVIVE = `
  WITH target AS (SELECT id FROM ended_deliveries WHERE ${IS_OF} ORDER BY id FOR UPDATE),
  gone AS (DELETE FROM ended_deliveries WHERE ${IS_OF} AND id IN (SELECT id FROM target) RETURNING *),
  kept AS (${keepAttempt('FROM gone WHERE true')})
  INSERT INTO open_deliveries (${KEPT_COLUMNS}, status, finished_at, dead_reason, batch_id)
  SELECT ${KEPT_COLUMNS}, status, finished_at, dead_reason, batch_id FROM gone`;
