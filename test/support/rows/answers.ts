import type { Pool } from 'pg';

/** As if the process had ended an hour ago before it noted what it answered. */
export async function loseAnswer(pool: Pool, key: string): Promise<void> {
  await pool.query(
    "UPDATE remembered_answers SET answer = NULL, created_at = created_at - interval '1 hour' WHERE key = $1",
    [key],
  );
}

/** As if an answer had been given so many hours earlier. */
export async function ageAnswer(pool: Pool, key: string, hours: number): Promise<void> {
  await pool.query(
    'UPDATE remembered_answers SET created_at = created_at - make_interval(hours => $2) WHERE key = $1',
    [key, hours],
  );
}

/** What is kept of an answer. */
export async function keptAnswer(pool: Pool, key: string): Promise<Buffer> {
  const { rows } = await pool.query<{ answer: Buffer }>(
    'SELECT answer FROM remembered_answers WHERE key = $1',
    [key],
  );
  const [only] = rows;
  if (only === undefined) throw new Error(`nothing is kept of an answer for the key ${key}`);
  return only.answer;
}
