import type { PoolClient } from 'pg';
import type { Breaker } from '../../domain/breaker.ts';
import type { ErrorCode } from '../../domain/error-code.ts';
import type { FailingStep } from '../../domain/failing-stage.ts';
import type { EndpointDisabledReason } from '../../domain/operational-event.ts';
import { type Announcement, insertAnnouncements } from './announcements.ts';
import type { InsertedEvents } from './insert-events.ts';

/** Which endpoint something is told of. */
export interface EndpointSubject {
  readonly endpointId: string;
  readonly customerId: string | null;
  readonly url: string;
}

/** What is told of a breaker that has just opened. */
export function openedAnnouncement(
  subject: EndpointSubject,
  { openedAt, probeAt, consecutiveFailures }: Breaker,
  { lastErrorCode, now }: { readonly lastErrorCode: ErrorCode | null; readonly now: number },
): Announcement {
  return {
    event: 'endpoint.opened',
    data: {
      ...factsOf(subject),
      opened_at: toTime(openedAt ?? now),
      consecutive_failures: consecutiveFailures,
      last_error_code: lastErrorCode,
      probe_at: toTime(probeAt ?? now),
    },
  };
}

/** What is told of a breaker that has just closed. @param before the breaker while it was open */
export function closedAnnouncement(subject: EndpointSubject, before: Breaker, now: number): Announcement {
  return {
    event: 'endpoint.closed',
    data: {
      ...factsOf(subject),
      opened_at: toTime(before.openedAt ?? now),
      closed_at: toTime(now),
    },
  };
}

/** What is told of an endpoint that will be disabled if it goes on failing. */
export function disablingAnnouncement(
  subject: EndpointSubject,
  { percent, disablesAt }: Extract<FailingStep, { kind: 'announce' }>,
  failingSince: number,
): Announcement {
  return {
    event: 'endpoint.disabling',
    data: {
      ...factsOf(subject),
      failing_since: toTime(failingSince),
      percent,
      disables_at: toTime(disablesAt),
    },
  };
}

/** Tells of an endpoint that the same transaction has disabled. @param health null where it never failed */
export async function announceDisabled(
  client: PoolClient,
  endpointId: string,
  health: Breaker | null,
): Promise<InsertedEvents | null> {
  const { rows } = await client.query<DisabledRow>(
    `SELECT id AS "endpointId", customer_id AS "customerId", url, disabled_reason AS reason, status_since AS since
     FROM endpoints WHERE id = $1`,
    [endpointId],
  );
  const failingSince = health?.failingSince ?? null;
  return await insertAnnouncements(
    client,
    rows.map((row) => ({
      event: 'endpoint.disabled',
      data: {
        ...factsOf(row),
        reason: row.reason,
        disabled_at: row.since.toISOString(),
        failing_since: failingSince === null ? null : toTime(failingSince),
      },
    })),
  );
}

interface DisabledRow extends EndpointSubject {
  readonly reason: EndpointDisabledReason;
  readonly since: Date;
}

/** What is told of every endpoint. */
export function factsOf({ endpointId, customerId, url }: EndpointSubject) {
  return { endpoint_id: endpointId, customer_id: customerId, url };
}

/** A time as events tell it. */
export function toTime(at: number): string {
  return new Date(at).toISOString();
}
