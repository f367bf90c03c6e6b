import { Client } from 'pg';
import { startArrivalReceiver } from './arrivals.ts';
import { type Installation, startInstallation } from './installation.ts';
import { Ledger } from './ledger.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import type { SoakContext } from './soak-scenario.ts';

/** A Posthorn with one endpoint, a publisher, a receiver and the ledger between them; the worker is not started yet. */
export interface SoakSetting {
  readonly installation: Installation;
  readonly publisher: Publisher;
  readonly ledger: Ledger;
  readonly postgres: Client;
}

export interface SoakSettingOptions {
  /** Settings of the endpoint. */
  readonly endpoint?: Readonly<Record<string, unknown>>;
  /** How long the receiver thinks. */
  readonly delayMs?: number;
}

/** Runs work in such a setting and takes everything down afterwards. */
export async function inSoakSetting<T>(
  { signal, onProgress }: SoakContext,
  { endpoint = {}, delayMs = 0 }: SoakSettingOptions,
  work: (setting: SoakSetting) => Promise<T>,
): Promise<T> {
  const installation = await startInstallation({ signal, onProgress });
  const ledger = new Ledger();
  const onArrival = ledger.receive.bind(ledger);
  const receiver = await startArrivalReceiver({ onArrival, delayMs });
  const publisher = createPublisher(installation);
  const postgres = new Client({ connectionString: installation.databaseUrl });
  try {
    await postgres.connect();
    await publisher.createEndpoint(receiver.url, endpoint);
    return await work({ installation, publisher, ledger, postgres });
  } finally {
    await postgres.end();
    await publisher.close();
    await installation.stop();
    await receiver.close();
  }
}

/** How many deliveries have each status. */
export async function countByStatus(postgres: Client): Promise<Readonly<Record<string, number>>> {
  const { rows } = await postgres.query<{ status: string; count: number }>(
    'SELECT status, count(*)::int AS count FROM deliveries GROUP BY status',
  );
  return Object.fromEntries(rows.map((row) => [row.status, row.count]));
}
