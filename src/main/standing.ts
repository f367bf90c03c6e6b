import type { StandingSources } from '../metrics/store-metrics.ts';
import type { Database } from '../storage/postgres/database.ts';
import type { TemporalDoor } from '../temporal/temporal-door.ts';

/** How a role stands to its servers, for its figures. */
export function standingOf(database: Database, door: Pick<TemporalDoor, 'isReachable'>): StandingSources {
  return {
    pool: database.pool,
    databaseIsUp: () => database.standing.problem === null && database.watch.steadyForMs() > 0,
    temporalIsUp: () => door.isReachable(),
  };
}

/** Why Postgres cannot be used; null where it can. */
export async function whyUnusable({ watch, standing }: Database): Promise<string | null> {
  return (await watch.check()) ? null : (standing.problem ?? 'database_unavailable');
}
