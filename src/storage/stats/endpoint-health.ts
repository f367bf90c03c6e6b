import type { Breaker } from '../../domain/breaker.ts';
import { MAX_COUNTED } from '../postgres/capped-count.ts';
import type { Database } from '../postgres/database.ts';
import { WAITING } from '../postgres/statuses.ts';

/** How an endpoint fares: what it did lately, and what waits for it. */
export interface EndpointHealth {
  readonly lastSuccessAt: Date | null;
  readonly lastErrorCode: string | null;
  /** Of an endpoint that never failed there is none. */
  readonly breaker: Pick<Breaker, 'failingSince' | 'probeAt'> | null;
  /** Held back and waiting, counted up to `MAX_COUNTED`. */
  readonly held: number;
  readonly waiting: number;
}

/** Tells how endpoints fare; what attempts did it knows some seconds later. */
export class EndpointHealthStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** By the ids of the endpoints. */
  async of(endpointIds: readonly string[]): Promise<ReadonlyMap<string, EndpointHealth>> {
    const { rows } = await this.#database.reads.query<EndpointHealth & { id: string }>(HEALTH_SQL, [
      endpointIds,
    ]);
    return new Map(rows.map(({ id, ...health }) => [id, health]));
  }
}

const HEALTH_SQL = `
  SELECT i.id, a.last_success_at AS "lastSuccessAt", a.last_error_code AS "lastErrorCode", h.breaker,
    ${counted("d.status = 'held'")} AS held, ${counted(`d.status IN (${WAITING})`)} AS waiting
  FROM unnest($1::text[]) AS i(id)
  LEFT JOIN endpoint_activity a ON a.endpoint_id = i.id LEFT JOIN endpoint_health h ON h.endpoint_id = i.id`;

function counted(condition: string): string {
  return `(SELECT count(*)::integer FROM (
    SELECT FROM deliveries d WHERE d.endpoint_id = i.id AND ${condition} LIMIT ${MAX_COUNTED}) counted)`;
}
