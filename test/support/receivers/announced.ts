import type { StorageUnderTest } from '../storage/storage.ts';

/** The operational events that an endpoint has deliveries of, in the order they were inserted. */
export async function announcedTo(
  { database }: Pick<StorageUnderTest, 'database'>,
  endpointId: string,
): Promise<readonly { readonly event: string; readonly data: Readonly<Record<string, unknown>> }[]> {
  const { rows } = await database.pool.query(
    `SELECT e.event, e.data::json AS data FROM deliveries d JOIN events e ON e.id = d.event_id
     WHERE d.endpoint_id = $1 AND e.customer_id IS NULL ORDER BY d.id`,
    [endpointId],
  );
  return rows;
}
