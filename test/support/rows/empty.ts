import type { Pool } from 'pg';

const OF_DELIVERIES = ['open_deliveries', 'ended_deliveries', 'events', 'event_parts'];
const OF_ENDPOINTS = ['endpoint_health', 'gates', 'gate_drains', 'endpoints', 'endpoint_secrets'];

/** As if nothing had ever been published. */
export async function forgetDeliveries(pool: Pool): Promise<void> {
  await empty(pool, OF_DELIVERIES);
}

/** As if nothing had ever been published, nor sent again. */
export async function forgetReplays(pool: Pool): Promise<void> {
  await empty(pool, [...OF_DELIVERIES, 'replays']);
}

/** As if nothing had ever been published, and no wave had rolled. */
export async function forgetWaves(pool: Pool): Promise<void> {
  await empty(pool, [...OF_DELIVERIES, 'waves', 'wave_leases']);
}

/** As if there had never been an endpoint, nor anything for one, nor a suspicion against the network. */
export async function forgetEndpoints(pool: Pool): Promise<void> {
  await empty(pool, [...OF_DELIVERIES, ...OF_ENDPOINTS, 'network_suspicions']);
}

/** As if there had never been an endpoint, nor a process with a master key. */
export async function forgetMasterKeys(pool: Pool): Promise<void> {
  await empty(pool, ['endpoints', 'master_key_holders']);
}

async function empty(pool: Pool, tables: readonly string[]): Promise<void> {
  await pool.query(`TRUNCATE ${tables.join(', ')} CASCADE`);
}
