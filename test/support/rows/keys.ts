import type { Pool } from 'pg';

/** As if every key had been used last so many minutes earlier. */
export async function ageKeyUse(pool: Pool, minutes: number): Promise<void> {
  await pool.query('UPDATE api_keys SET last_used_at = now() - make_interval(mins => $1)', [minutes]);
}

/** As if the time of every former text of a key were over. */
export async function endFormerTexts(pool: Pool): Promise<void> {
  await pool.query("UPDATE api_key_former_texts SET valid_until = now() - interval '1 second'");
}

/** How many former texts of a key are good for longer than so many seconds. */
export async function countFormerTexts(pool: Pool, keyId: string, seconds: number): Promise<number> {
  const { rowCount } = await pool.query(
    'SELECT FROM api_key_former_texts WHERE key_id = $1 AND valid_until > now() + make_interval(secs => $2)',
    [keyId, seconds],
  );
  return rowCount ?? Number.NaN;
}

/** As if a key had expired just now. */
export async function expireKey(pool: Pool, keyId: string): Promise<void> {
  await pool.query('UPDATE api_keys SET expires_at = now() WHERE id = $1', [keyId]);
}

/** As if every session of a browser were over. */
export async function endSessions(pool: Pool): Promise<void> {
  await pool.query('UPDATE sessions SET expires_at = now()');
}

/** As if the time of a link that signs somebody in were over. */
export async function expireLink(pool: Pool, sessionId: string): Promise<void> {
  await pool.query('UPDATE sessions SET code_expires_at = now() WHERE id = $1', [sessionId]);
}

/** Notes a request of this subject in a window of an hour ago. */
export async function insertOldWindow(pool: Pool, subject: string): Promise<void> {
  await pool.query("INSERT INTO rate_limit_windows VALUES ($1, now() - interval '1 hour', 1)", [subject]);
}

/** Whether any window counts requests of this subject. */
export async function hasWindow(pool: Pool, subject: string): Promise<boolean> {
  return (await pool.query('SELECT FROM rate_limit_windows WHERE subject = $1', [subject])).rowCount !== 0;
}

/** When the window of a minute began that Postgres is in. */
export async function windowNow(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ now: string }>(
    "SELECT date_bin('60 seconds', now(), 'epoch')::text AS now",
  );
  return rows[0]?.now ?? '';
}
