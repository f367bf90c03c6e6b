/** SQL: the sessions `w` that wait for a lock with a statement in whose first thousand characters this stands. */
export function waitingFor(text: string): string {
  return `(SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
    AND query LIKE '%${text}%' OFFSET 0) AS w`;
}
