import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { createLogger } from '../../src/logger.ts';
import { NetworkWatch } from '../../src/sending/network-watch.ts';
import { type SendingDependencies, sendAndRecord } from '../../src/sending/send-and-record.ts';
import { AttemptRecorder } from '../../src/storage/claims/attempt-recorder.ts';
import { RunClaims } from '../../src/storage/claims/run-claims.ts';
import { EndpointStore } from '../../src/storage/endpoints/endpoint-store.ts';
import { Publisher } from '../../src/storage/events/publisher.ts';
import { EndpointSwitch } from '../../src/storage/gates/endpoint-switch.ts';
import { NetworkSuspicions } from '../../src/storage/operator/network-suspicions.ts';
import { openDatabase } from '../../src/storage/postgres/database.ts';
import { migrate } from '../../src/storage/postgres/migrate.ts';
import { newSecretBox } from '../../test/support/storage/master-key.ts';
import { newEndpoint, newEvent } from '../../test/support/storage/storage.ts';

/** Deliveries in a database of their own, where no API and no worker sees them. */
export interface LadderStorage {
  /** Inserts so many deliveries, of events with this data. */
  fill(count: number, dataText: string): Promise<void>;
  /** Claims one of them, sends it and records what came of it; the last one's turn is followed by an error. */
  attemptNext(): Promise<void>;
  close(): Promise<void>;
}

export interface LadderStorageOptions {
  /** The installation's server. */
  readonly databaseUrl: string;
  /** Where the deliveries go. */
  readonly receiverUrl: string;
  readonly send: SendingDependencies['send'];
}

const EVENTS_PER_CALL = 500;
const TIMEOUT_MS = 30_000;
const NOBODY = { onDue: () => {}, onLater: () => {}, onHeld: () => {} };

/** Makes the database, with one endpoint. */
export async function openLadderStorage(options: LadderStorageOptions): Promise<LadderStorage> {
  const logger = createLogger('silent');
  const url = await createOwnDatabase(options.databaseUrl);
  const database = openDatabase(url, { logger });
  const { timing } = database;
  const secretBox = newSecretBox();
  const claims = new RunClaims(database, secretBox);
  const publisher = new Publisher(database, NOBODY);
  const dependencies: SendingDependencies = {
    recorder: new AttemptRecorder(database),
    endpointSwitch: new EndpointSwitch(database),
    network: new NetworkWatch({
      suspicions: new NetworkSuspicions(database),
      worker: 'ladder',
      timing,
      logger,
    }),
    send: options.send,
    logger,
    userAgent: 'Posthorn/bench',
    headerPrefix: 'X-Webhook-',
    timing,
  };
  const endpoint = { ...newEndpoint(), url: options.receiverUrl, timeoutMs: TIMEOUT_MS };
  await new EndpointStore(database, secretBox).create(endpoint);
  let waiting: string[] = [];
  return {
    async fill(count, dataText) {
      for (let left = count; left > 0; left -= EVENTS_PER_CALL) {
        const size = Math.min(EVENTS_PER_CALL, left);
        await publisher.publishMany(Array.from({ length: size }, () => ({ ...newEvent(), dataText })));
      }
      const { rows } = await database.pool.query<{ id: string }>(
        `SELECT id FROM deliveries WHERE status = 'queued'`,
      );
      waiting = rows.map(({ id }) => id);
    },
    async attemptNext() {
      const deliveryId = waiting.pop() ?? '';
      const claim = await claims.claim({ deliveryId, mark: null, owner: 'ladder/1', runId: 'ladder' });
      if (claim === null) throw new Error('the ladder has no delivery left');
      await sendAndRecord([claim], dependencies, () => 'wave');
    },
    close: async () => await database.close(),
  };
}

async function createOwnDatabase(serverUrl: string): Promise<string> {
  const name = `ladder_${randomBytes(4).toString('hex')}`;
  const admin = new Client({ connectionString: serverUrl });
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE ${name}`);
  } finally {
    await admin.end();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await migrate(url.href);
  return url.href;
}
