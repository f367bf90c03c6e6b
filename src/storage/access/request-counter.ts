import { QUOTA_WINDOW_SECONDS, type QuotaUse } from '../../domain/api-quota.ts';
import type { Database } from '../postgres/database.ts';
import { groupCommit } from '../postgres/group-commit.ts';

/** How a window stands after one request was counted, and when it began. */
export interface CountedRequest extends QuotaUse {
  readonly windowStartedAt: Date;
}

interface Row {
  readonly subject: string;
  readonly used: number;
  readonly startedAt: Date;
  readonly resetsInMs: number;
}

const MAX_REQUESTS_PER_STATEMENT = 1_000;

/**
 * Counts requests by subject and window, exactly over all replicas. Concurrent requests share one statement on an
 * unlogged table, which waits for no disk; one statement at a time, since two would wait for each other's rows.
 */
export class RequestCounter {
  readonly #database: Database;
  /** Counts one request of a subject. */
  readonly count: (subject: string) => Promise<CountedRequest>;

  constructor(database: Database) {
    this.#database = database;
    this.count = groupCommit((subjects: readonly string[]) => this.#countTogether(subjects), {
      maxItems: MAX_REQUESTS_PER_STATEMENT,
      concurrency: 1,
    });
  }

  /** Forgets windows that are long over. */
  async forgetOld(): Promise<void> {
    await this.#database.pool.query(
      "DELETE FROM rate_limit_windows WHERE started_at < now() - interval '10 minutes'",
    );
  }

  async #countTogether(subjects: readonly string[]): Promise<readonly CountedRequest[]> {
    const requests = new Map<string, number>();
    for (const subject of subjects) requests.set(subject, (requests.get(subject) ?? 0) + 1);
    const { rows } = await this.#database.pool.query<Row>({
      name: 'count-requests',
      text: COUNT_SQL,
      values: [[...requests.keys()], [...requests.values()]],
    });
    const windows = new Map(rows.map((row) => [row.subject, row]));
    return subjects.map((subject) => {
      const left = requests.get(subject) ?? 0;
      const row = windows.get(subject);
      if (row === undefined) throw new Error(`the requests of ${subject} were not counted`);
      // The first of the group gets the lowest number.
      requests.set(subject, left - 1);
      return { used: row.used - left + 1, resetsInMs: row.resetsInMs, windowStartedAt: row.startedAt };
    });
  }
}

/** In one order everywhere, so that replicas wait for each other instead of dying in a deadlock. */
const COUNT_SQL = `
  INSERT INTO rate_limit_windows AS w (subject, started_at, used)
  SELECT subject, date_bin('${QUOTA_WINDOW_SECONDS} seconds', now(), 'epoch'), requests
  FROM unnest($1::text[], $2::integer[]) AS r(subject, requests) ORDER BY subject
  ON CONFLICT (subject, started_at) DO UPDATE SET used = w.used + excluded.used
  RETURNING subject, used, started_at AS "startedAt",
    (${QUOTA_WINDOW_SECONDS * 1_000} - extract(epoch FROM now() - started_at) * 1000)::float8 AS "resetsInMs"`;
