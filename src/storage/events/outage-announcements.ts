import { adviceFor, type ErrorCode } from '../../domain/error-code.ts';
import type { Announcement } from './announcements.ts';
import { type EndpointSubject, factsOf, toTime } from './endpoint-announcements.ts';

/** What is known of a host that began to fail or recovered; times are milliseconds since the epoch. */
export interface OutageNews extends EndpointSubject {
  readonly kind: 'failing' | 'recovered';
  readonly host: string;
  /** When the outage began, and when this was noticed. */
  readonly since: number;
  readonly at: number;
  /** How many of its endpoints fail. */
  readonly failing: number;
  readonly attempts: number;
  readonly failures: number;
  readonly lastErrorCode: ErrorCode | null;
}

/** What is told of a host. @param consoleUrl where the console is */
export function outageAnnouncement(news: OutageNews, consoleUrl: string): Announcement {
  const facts = {
    ...factsOf(news),
    host: news.host,
    failing_since: toTime(news.since),
    console_url: `${consoleUrl}/endpoints${placeOf(news)}`,
  };
  if (news.kind === 'recovered')
    return { event: 'endpoint.recovered', data: { ...facts, recovered_at: toTime(news.at) } };
  return {
    event: 'endpoint.failing',
    data: {
      ...facts,
      endpoints: news.failing,
      attempts: news.attempts,
      failures: news.failures,
      last_error_code: news.lastErrorCode,
      advice: news.lastErrorCode === null ? null : adviceFor(news.lastErrorCode),
    },
  };
}

/** Of the console: the endpoint, or all that lead to the host. */
function placeOf({ failing, endpointId, host }: OutageNews): string {
  return failing > 1 ? `?url=${encodeURIComponent(host)}` : `/${endpointId}`;
}
