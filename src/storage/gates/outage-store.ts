import type { PoolClient } from 'pg';
import { followOutage, type HostFacts, type Outage, type OutageRule } from '../../domain/outage.ts';
import { insertAnnouncements, type OnAnnounced } from '../events/announcements.ts';
import { type OutageNews, outageAnnouncement } from '../events/outage-announcements.ts';
import type { Database } from '../postgres/database.ts';
import { SHARE_DISPATCH_LOCK, whileAlerting } from '../postgres/locks.ts';
import { epochMs } from '../postgres/time-sql.ts';
import { NO_FACTS } from './breaker-store.ts';

/** The last minutes of the window, of which roll-ups have the current one and the one before. */
const LATE_MS = 60_000;

interface OutageStoreOptions {
  readonly rule: OutageRule;
  /** Where the console is: `https://hooks.example.com/ui`. */
  readonly consoleUrl: string;
  readonly onAnnounced: OnAnnounced;
}

/** Follows which hosts fail, by the minutes of roll-ups, and tells operators of each outage and of its end. */
export class OutageStore {
  readonly #database: Database;
  readonly #options: OutageStoreOptions;

  constructor(database: Database, options: OutageStoreOptions) {
    this.#database = database;
    this.#options = options;
  }

  /** Looks at every host that made attempts lately or fails; replicas take turns. @returns how much was told */
  async follow(): Promise<number> {
    const { rule, consoleUrl, onAnnounced } = this.#options;
    const inserted = await whileAlerting(this.#database, async (client) => {
      const { rows } = await client.query<HostRow>(LOOK_SQL, [
        rule.windowMs,
        LATE_MS,
        rule.minimumAttempts,
        rule.failureRatio,
        [...NO_FACTS],
      ]);
      const looks = rows.map((row) => lookAt(row, rule));
      const changed = looks.filter(({ isChanged }) => isChanged);
      if (changed.length === 0) return null;
      await client.query(SHARE_DISPATCH_LOCK);
      await keep(client, changed);
      const news = looks.flatMap((look) => look.news ?? []);
      const announcements = (await describe(client, news)).map((one) => outageAnnouncement(one, consoleUrl));
      return { told: news.length, events: await insertAnnouncements(client, announcements) };
    });
    if (inserted === null) return 0;
    if (inserted.events !== null) onAnnounced(inserted.events);
    return inserted.told;
  }
}

/** A host, what is known of it, and how its endpoints fared. */
interface HostRow extends HostFacts, Omit<Outage, 'isTold'> {
  readonly host: string;
  /** The one that failed most. */
  readonly endpointId: string;
  readonly failing: number;
  readonly isTold: boolean | null;
  readonly now: number;
}

interface Look {
  readonly host: string;
  readonly endpointId: string;
  readonly outage: Outage | null;
  readonly isChanged: boolean;
  readonly news: News | null;
}

type News = Omit<OutageNews, 'url' | 'customerId' | 'lastErrorCode'>;

function lookAt(row: HostRow, rule: OutageRule): Look {
  const { host, endpointId, now, isTold, failingSince, toldAt } = row;
  const before = isTold === null ? null : { isTold, failingSince, toldAt };
  const { outage, tell } = followOutage(before, row, { rule, now });
  const since = outage?.failingSince ?? failingSince ?? now;
  return {
    host,
    endpointId,
    outage,
    isChanged:
      tell !== null || outage?.failingSince !== before?.failingSince || outage?.isTold !== before?.isTold,
    news: tell === null ? null : { ...row, kind: tell, since, at: now },
  };
}

async function keep(client: PoolClient, looks: readonly Look[]): Promise<void> {
  const gone = looks.filter(({ outage }) => outage === null).map(({ host }) => host);
  const kept = looks.flatMap(({ host, endpointId, outage }) =>
    outage === null ? [] : [{ host, endpointId, ...outage }],
  );
  await client.query('DELETE FROM outages WHERE host = ANY($1)', [gone]);
  await client.query(KEEP_SQL, [JSON.stringify(kept)]);
}

async function describe(client: PoolClient, news: readonly News[]): Promise<readonly OutageNews[]> {
  const { rows } = await client.query<
    { id: string } & Pick<OutageNews, 'url' | 'customerId' | 'lastErrorCode'>
  >(
    `SELECT e.id, e.url, e.customer_id AS "customerId", a.last_error_code AS "lastErrorCode"
     FROM endpoints e LEFT JOIN endpoint_activity a ON a.endpoint_id = e.id WHERE e.id = ANY($1)`,
    [news.map(({ endpointId }) => endpointId)],
  );
  return news.flatMap((one) => {
    const endpoint = rows.find(({ id }) => id === one.endpointId);
    return endpoint === undefined ? [] : [{ ...one, ...endpoint }];
  });
}

const KEEP_SQL = `
  INSERT INTO outages (host, endpoint_id, failing_since, told_at, is_told)
  SELECT o.host, o."endpointId", to_timestamp(o."failingSince" / 1000), to_timestamp(o."toldAt" / 1000), o."isTold"
  FROM json_to_recordset($1::json)
    AS o(host text, "endpointId" text, "failingSince" float8, "toldAt" float8, "isTold" boolean)
  ON CONFLICT (host) DO UPDATE SET endpoint_id = excluded.endpoint_id, failing_since = excluded.failing_since,
    told_at = excluded.told_at, is_told = excluded.is_told`;

/** SQL: the host that an endpoint `e` leads to, in the words of the index. */
const HOST = "substring(e.url FROM '^https?://([^/?#]+)')";
const IN_USE = "e.deleted_at IS NULL AND e.status <> 'disabled'";

/** Of hosts that are well and not known of only those are looked at closely whose attempts may be too many failures. */
const LOOK_SQL = `
  WITH span AS (
    SELECT now() - make_interval(secs => $1::float8 / 1000) AS begins,
      date_trunc('minute', now() - make_interval(secs => $2::float8 / 1000)) AS late),
  counted AS (
    SELECT r.endpoint_id, sum(r.count) AS attempts, sum(r.count) FILTER (WHERE r.error_code IS NOT NULL) AS failures,
      sum(r.count) FILTER (WHERE r.bucket >= s.late) AS late_attempts,
      sum(r.count) FILTER (WHERE r.bucket >= s.late AND r.error_code IS NOT NULL) AS late_failures,
      min(r.bucket) FILTER (WHERE r.error_code IS NOT NULL) AS failed_first
    FROM span s JOIN rollups r ON r.grain = 60 AND r.measure = 'attempts' AND r.bucket >= s.begins
    WHERE r.error_code IS NULL OR r.error_code <> ALL($5::text[]) GROUP BY 1),
  hosts AS (
    SELECT ${HOST} AS host, sum(c.attempts) AS attempts, sum(c.failures) AS failures,
      sum(c.late_attempts) AS late_attempts, sum(c.late_failures) AS late_failures, min(c.failed_first) AS failed_first,
      count(*) FILTER (WHERE c.failures > 0) AS failing,
      (array_agg(e.id ORDER BY c.failures DESC NULLS LAST, e.id))[1] AS endpoint_id
    FROM counted c JOIN endpoints e ON e.id = c.endpoint_id WHERE ${IN_USE} GROUP BY 1)
  SELECT host, coalesce(CASE WHEN o.failing_since IS NOT NULL THEN o.endpoint_id END, h.endpoint_id,
    o.endpoint_id) AS "endpointId",
    coalesce(h.attempts, 0)::float8 AS attempts, coalesce(h.failures, 0)::float8 AS failures,
    coalesce(h.late_attempts, 0)::float8 AS "lateAttempts", coalesce(h.late_failures, 0)::float8 AS "lateFailures",
    coalesce(h.failing, 0)::integer AS failing, a.active, a.failed_last AS "failedLast", a.broken,
    ${epochMs('a.attempted_last')} AS "attemptedLast",
    ${epochMs('h.failed_first')} AS "failedFirst",
    ${epochMs('o.failing_since')} AS "failingSince", ${epochMs('o.told_at')} AS "toldAt", o.is_told AS "isTold",
    ${epochMs('now()')} AS now
  FROM hosts h FULL JOIN outages o USING (host) CROSS JOIN span s
  CROSS JOIN LATERAL (
    SELECT count(*)::integer AS active,
      (count(*) FILTER (WHERE a.last_failure_at > coalesce(a.last_success_at, '-infinity')))::integer AS failed_last,
      (count(*) FILTER (WHERE b.state <> 'closed'))::integer AS broken,
      max(greatest(a.last_success_at, a.last_failure_at)) AS attempted_last
    FROM endpoints e JOIN endpoint_activity a ON a.endpoint_id = e.id LEFT JOIN endpoint_health b
      ON b.endpoint_id = e.id
    WHERE ${HOST} = host AND ${IN_USE} AND greatest(a.last_success_at,
      a.last_failure_at) >= coalesce(o.failing_since, s.begins)) a
  WHERE host IS NOT NULL AND (o.host IS NOT NULL OR (h.attempts >= $3 AND h.failures >= least($3, h.attempts * $4)))`;
