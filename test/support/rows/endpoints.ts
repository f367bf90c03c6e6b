import type { Pool, PoolClient } from 'pg';

/** The endpoint whose URL ends so; an empty text where there is none. */
export async function endpointAt(pool: Pool, end: string): Promise<string> {
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM endpoints WHERE url LIKE $1', [
    `%${end}`,
  ]);
  return rows[0]?.id ?? '';
}

/** Has an endpoint a URL that the API would refuse. */
export async function forceUrl(pool: Pool, endpointId: string, url: string): Promise<void> {
  await pool.query('UPDATE endpoints SET url = $2 WHERE id = $1', [endpointId, url]);
}

/** Locks the endpoint at this place in the order of ids until the function that it returns is called. */
export async function holdEndpoint(pool: Pool, place: number): Promise<() => Promise<void>> {
  const client = await pool.connect();
  await client.query('BEGIN');
  await client.query(
    'SELECT FROM endpoints WHERE id = (SELECT id FROM endpoints ORDER BY id OFFSET $1 LIMIT 1) FOR UPDATE',
    [place],
  );
  return async () => {
    await client.query('ROLLBACK');
    client.release();
  };
}

/** Whether endpoints are enabled, paused, disabled or deleted, by their ids. */
export async function statesOf(
  pool: Pool,
  endpointIds: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const { rows } = await pool.query<{ id: string; state: string }>(
    `SELECT id, CASE WHEN deleted_at IS NULL THEN status ELSE 'deleted' END AS state
     FROM endpoints WHERE id = ANY($1)`,
    [endpointIds],
  );
  return Object.fromEntries(rows.map(({ id, state }) => [id, state]));
}

/** Every status that any endpoint has, with why it is disabled. */
export async function listStatuses(
  pool: Pool,
): Promise<readonly { readonly status: string; readonly disabled_reason: string | null }[]> {
  const { rows } = await pool.query<{ status: string; disabled_reason: string | null }>(
    'SELECT DISTINCT status, disabled_reason FROM endpoints',
  );
  return rows;
}

/** Makes every secret of an endpoint something that no key opens. */
export async function spoilSecrets(pool: Pool): Promise<void> {
  await pool.query("UPDATE endpoint_secrets SET ciphertext = 'x'");
}

/** How many endpoints have this URL. */
export async function countEndpointsAt(pool: Pool, url: string): Promise<number> {
  return (await pool.query('SELECT FROM endpoints WHERE url = $1', [url])).rowCount ?? Number.NaN;
}

/** How many secrets an endpoint has. */
export async function countSecrets(pool: Pool, endpointId: string): Promise<number> {
  const { rowCount } = await pool.query('SELECT FROM endpoint_secrets WHERE endpoint_id = $1', [endpointId]);
  return rowCount ?? Number.NaN;
}

/** The headers of an endpoint as they are stored. */
export async function storedHeaders(
  pool: Pool,
  endpointId: string,
): Promise<readonly { readonly sensitive: boolean }[]> {
  const { rows } = await pool.query<{ headers: readonly { readonly sensitive: boolean }[] }>(
    'SELECT headers FROM endpoints WHERE id = $1',
    [endpointId],
  );
  return rows[0]?.headers ?? [];
}

/** Which events an endpoint asked for, in each version of it that is kept. */
export async function filtersOf(pool: Pool, endpointId: string): Promise<readonly (readonly string[])[]> {
  const { rows } = await pool.query<{ events: readonly string[] }>(
    'SELECT events FROM endpoint_versions WHERE endpoint_id = $1',
    [endpointId],
  );
  return rows.map(({ events }) => events);
}

/** Every row that the endpoints of a customer consist of. */
export async function keptOf(pool: Pool, customerId: string): Promise<readonly unknown[]> {
  const { rows } = await pool.query(
    `SELECT e.id, e::text, array_agg(s::text) AS secrets, array_agg(v::text) AS versions
     FROM endpoints e
     LEFT JOIN endpoint_secrets s ON s.endpoint_id = e.id
     LEFT JOIN endpoint_versions v ON v.endpoint_id = e.id
     WHERE e.customer_id = $1 GROUP BY e.id ORDER BY e.id`,
    [customerId],
  );
  return rows;
}

/** How many endpoints of a customer have each status. */
export async function countByStatus(
  pool: Pool,
  customerId: string,
): Promise<Readonly<Record<string, number>>> {
  const { rows } = await pool.query<{ status: string; count: number }>(
    'SELECT status, count(*)::integer AS count FROM endpoints WHERE customer_id = $1 GROUP BY status',
    [customerId],
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

/** Has every endpoint be one whose owner has not shown that it is theirs. */
export async function makeUnverified(pool: Pool): Promise<void> {
  await pool.query("UPDATE endpoints SET status = 'disabled', disabled_reason = 'unverified'");
}

/** As if the last challenge of an endpoint had been answered, and the endpoint been enabled. */
export async function makeVerified(client: Pool | PoolClient, endpointId: string): Promise<void> {
  await answerChallenge(client, endpointId);
  await client.query("UPDATE endpoints SET status = 'enabled', disabled_reason = NULL WHERE id = $1", [
    endpointId,
  ]);
}

/** As if the last challenge of an endpoint had been answered. */
export async function answerChallenge(client: Pool | PoolClient, endpointId: string): Promise<void> {
  await client.query('UPDATE ownership_checks SET used_at = now() WHERE endpoint_id = $1', [endpointId]);
}

/** As if the last challenge of an endpoint had not been sent yet. */
export async function unsendChallenge(pool: Pool, endpointId: string): Promise<void> {
  await pool.query('UPDATE ownership_checks SET delivery_id = NULL WHERE endpoint_id = $1', [endpointId]);
}
