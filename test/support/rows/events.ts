import type { Pool } from 'pg';

/** The data of an event, exactly as it is stored. */
export async function storedData(pool: Pool, eventId: string): Promise<string> {
  const { rows } = await pool.query<{ data: string }>('SELECT data FROM events WHERE id = $1', [eventId]);
  const [only] = rows;
  if (only === undefined) throw new Error(`there is no event ${eventId}`);
  return only.data;
}

/** As if an event had been published so many days ago. */
export async function ageEvent(pool: Pool, eventId: string, days: number): Promise<void> {
  await pool.query('UPDATE events SET created_at = now() - make_interval(days => $2) WHERE id = $1', [
    eventId,
    days,
  ]);
}

/** Removes an event as retention does. */
export async function removeEvent(pool: Pool, eventId: string): Promise<void> {
  await pool.query('DELETE FROM events WHERE id = $1', [eventId]);
}

/** As if a name that a customer gave an event had been given so many days ago. */
export async function ageUid(pool: Pool, uid: string, days: number): Promise<void> {
  await pool.query('UPDATE event_uids SET created_at = now() - make_interval(days => $2) WHERE uid = $1', [
    uid,
    days,
  ]);
}

/** The only event that was published to test an endpoint. */
export async function testEvent(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM events WHERE is_test');
  const [only] = rows;
  if (only === undefined || rows.length > 1) throw new Error(`there are ${rows.length} events of tests`);
  return only.id;
}

/** What a delivery carries: the type of its event and the data. */
export async function carriedBy(
  pool: Pool,
  deliveryId: string,
): Promise<{ readonly event: string; readonly data: Readonly<Record<string, unknown>> }> {
  const { rows } = await pool.query<{ event: string; data: Record<string, unknown> }>(
    'SELECT e.event, e.data::json AS data FROM events e JOIN deliveries d ON d.event_id = e.id WHERE d.id = $1',
    [deliveryId],
  );
  const [only] = rows;
  if (only === undefined) throw new Error(`there is no delivery ${deliveryId}`);
  return only;
}

/** Has all events carry so many bytes and two quotes. */
export async function setPayloads(pool: Pool, bytes: number): Promise<void> {
  await pool.query(`UPDATE events SET data = '"' || repeat('x', $1) || '"'`, [bytes]);
}
