import { Client } from 'pg';
import { type ArrivalReceiver, startArrivalReceiver } from './load/arrivals.ts';
import { createPublisher, type Publisher, type PublisherOptions } from './load/publisher.ts';
import { Ledger } from './measure/ledger.ts';
import { type Installation, type InstallationOptions, startInstallation } from './stage/installation.ts';

/** A Posthorn with a publisher and a receiver; endpoints and workers are up to the caller. */
export interface Setting {
  readonly installation: Installation;
  readonly publisher: Publisher;
  readonly receiver: ArrivalReceiver;
  readonly postgres: Client;
  /** Opens a ledger that hears of every arrival from now on. */
  openLedger(): Ledger;
  /** Creates the endpoint with this number at the receiver. */
  createEndpoint(endpoint: number, settings?: Readonly<Record<string, unknown>>): Promise<void>;
}

export interface SettingOptions extends PublisherOptions {
  /** How long the receiver thinks. */
  readonly delayMs?: number;
  /** Addresses that the receiver's endpoints are spread over; 1 where absent. */
  readonly hosts?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Settings of Temporal's dynamic configuration. */
  readonly temporalConfig?: Readonly<Record<string, unknown>>;
}

/** Runs work in such a setting and takes everything down afterwards, also where it fails or is interrupted. */
export async function inSetting<T>(
  { stage, signal, onProgress }: Pick<InstallationOptions, 'stage' | 'signal' | 'onProgress'>,
  { delayMs = 0, hosts = 1, environment = {}, temporalConfig = {}, ...publishing }: SettingOptions,
  work: (setting: Setting) => Promise<T>,
): Promise<T> {
  const installation = await startInstallation({ stage, signal, onProgress, environment, temporalConfig });
  const ledgers: Ledger[] = [];
  const receiver = await startArrivalReceiver({
    delayMs,
    hosts,
    onArrival: (jobId, arrival) => {
      for (const ledger of ledgers) ledger.receive(jobId, arrival);
    },
  });
  const publisher = createPublisher(installation, publishing);
  const postgres = new Client({ connectionString: installation.databaseUrl });
  try {
    await postgres.connect();
    return await work({
      installation,
      publisher,
      receiver,
      postgres,
      openLedger() {
        const ledger = new Ledger();
        ledgers.push(ledger);
        return ledger;
      },
      createEndpoint: async (endpoint, settings = {}) =>
        await publisher.createEndpoint(endpoint, { url: receiver.url(endpoint), ...settings }),
    });
  } finally {
    onProgress('stopping');
    // What hangs would keep the worker from ending.
    receiver.release();
    await postgres.end();
    await publisher.close();
    await installation.stop();
    await receiver.close();
  }
}
