import type { AttemptOutcome } from '../../../src/domain/attempt.ts';
import type { DeliveryStart } from '../../../src/domain/delivery-start.ts';
import { DEFAULT_ENDPOINT_RULES } from '../../../src/domain/endpoint-rules.ts';
import { DEFAULT_RETRY_POLICY } from '../../../src/domain/retry-schedule.ts';
import type { Timing } from '../../../src/domain/timing.ts';
import { DEFAULT_WIRE_CHOICES } from '../../../src/domain/wire-choices.ts';
import { createLogger } from '../../../src/logger.ts';
import { newId } from '../../../src/new-id.ts';
import { NetworkWatch } from '../../../src/sending/network-watch.ts';
import { generateSecret } from '../../../src/signature/secret.ts';
import { type AttemptRecord, AttemptRecorder } from '../../../src/storage/claims/attempt-recorder.ts';
import type { Claim } from '../../../src/storage/claims/claim.ts';
import { RunClaims } from '../../../src/storage/claims/run-claims.ts';
import { WaveClaims } from '../../../src/storage/claims/wave-claims.ts';
import { EndpointStore, type NewEndpoint } from '../../../src/storage/endpoints/endpoint-store.ts';
import type { NewEvent } from '../../../src/storage/events/new-event.ts';
import { Publisher } from '../../../src/storage/events/publisher.ts';
import { EndpointRemoval } from '../../../src/storage/gates/endpoint-removal.ts';
import { EndpointSwitch } from '../../../src/storage/gates/endpoint-switch.ts';
import { DeliveryActions } from '../../../src/storage/open/delivery-actions.ts';
import { WaveLanes } from '../../../src/storage/open/wave-lanes.ts';
import { NetworkSuspicions } from '../../../src/storage/operator/network-suspicions.ts';
import { type Database, openDatabase } from '../../../src/storage/postgres/database.ts';
import type { SecretBox } from '../../../src/storage/sealed/secret-box.ts';
import { ExpiredSends } from '../../../src/storage/upkeep/expired-sends.ts';
import { OverdueDeliveries } from '../../../src/storage/upkeep/overdue-deliveries.ts';
import { ScheduledDeliveries } from '../../../src/storage/upkeep/scheduled-deliveries.ts';
import { createDatabase, type TestDatabase } from './database.ts';
import { newSecretBox } from './master-key.ts';

/** What stores are opened over. */
interface Foundation {
  readonly testDatabase: TestDatabase;
  readonly secretBox: SecretBox;
}

/** The stores of one database of its own, and what publish said was due. */
export interface StorageUnderTest {
  readonly database: Database;
  readonly databaseUrl: string;
  readonly timing: Timing;
  readonly secretBox: SecretBox;
  readonly claims: RunClaims;
  readonly recorder: AttemptRecorder;
  readonly expiredSends: ExpiredSends;
  readonly actions: DeliveryActions;
  readonly endpointSwitch: EndpointSwitch;
  readonly removal: EndpointRemoval;
  readonly overdue: OverdueDeliveries;
  readonly scheduled: ScheduledDeliveries;
  readonly waveClaims: WaveClaims;
  readonly lanes: WaveLanes;
  readonly publisher: Publisher;
  readonly due: DeliveryStart[];
  readonly network: NetworkWatch;
  /** Gates that publish said had to be woken. */
  readonly wakes: string[];
  /** Creates an endpoint of customer `acme`; returns its id. */
  endpoint(settings?: Partial<NewEndpoint>): Promise<string>;
  /** Publishes an event of `acme`; returns the ids of its deliveries. */
  publish(event?: Partial<NewEvent>): Promise<readonly string[]>;
  /** One row of `deliveries`. */
  delivery(id: string): Promise<Readonly<Record<string, unknown>>>;
  /** All attempts of a delivery, in order. */
  attempts(id: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

/** Opens the stores over a fresh database, or over a given one. */
export async function openStorage(given: Partial<Foundation> = {}): Promise<StorageUnderTest> {
  const testDatabase = given.testDatabase ?? (await createDatabase());
  const database = openDatabase(testDatabase.url, { logger: createLogger('silent') });
  const secretBox = given.secretBox ?? newSecretBox();
  const due: DeliveryStart[] = [];
  const wakes: string[] = [];
  const publisher = new Publisher(database, {
    onDue: (starts) => due.push(...starts),
    onLater: () => {},
    onHeld: (endpointIds) => wakes.push(...endpointIds),
  });
  const endpoints = new EndpointStore(database, secretBox);
  const rowsOf = async (sql: string, id: string): Promise<readonly Readonly<Record<string, unknown>>[]> =>
    (await database.pool.query(sql, [id])).rows;
  return {
    database,
    databaseUrl: testDatabase.url,
    timing: database.timing,
    secretBox,
    claims: new RunClaims(database, secretBox),
    recorder: new AttemptRecorder(database),
    expiredSends: new ExpiredSends(database),
    actions: new DeliveryActions(database),
    endpointSwitch: new EndpointSwitch(database),
    removal: new EndpointRemoval(database),
    overdue: new OverdueDeliveries(database),
    scheduled: new ScheduledDeliveries(database),
    waveClaims: new WaveClaims(database, secretBox),
    lanes: new WaveLanes(database),
    network: new NetworkWatch({
      suspicions: new NetworkSuspicions(database),
      worker: 'test',
      timing: database.timing,
      logger: createLogger('silent'),
    }),
    publisher,
    due,
    wakes,
    endpoint: async (settings = {}) => (await endpoints.create({ ...newEndpoint(), ...settings })).id,
    publish: async (event = {}) => {
      const { id } = await publisher.publish({ ...newEvent(), ...event });
      return (await rowsOf('SELECT id FROM deliveries WHERE event_id = $1 ORDER BY id', id)).map((row) =>
        String(row.id),
      );
    },
    delivery: async (id) => (await rowsOf('SELECT * FROM deliveries WHERE id = $1', id))[0] ?? {},
    attempts: async (id) => await rowsOf('SELECT * FROM attempts WHERE delivery_id = $1 ORDER BY number', id),
    close: async () => {
      await database.close();
      await testDatabase.drop();
    },
  };
}

/** An event of customer `acme` that any endpoint of it gets. */
export function newEvent(): NewEvent {
  return {
    event: 'job.completed',
    customerId: 'acme',
    dataText: '{"job_id":"j1"}',
    optIn: false,
    deliverAt: null,
    idempotency: null,
  };
}

/** A whole endpoint of customer `acme` that takes everything. */
export function newEndpoint(): NewEndpoint {
  return {
    id: newId('ep'),
    customerId: 'acme',
    url: 'https://receiver.example/hook',
    description: '',
    metadata: {},
    filter: null,
    events: ['*'],
    headers: [],
    timeoutMs: 1_000,
    retry: DEFAULT_RETRY_POLICY,
    route: null,
    wire: DEFAULT_WIRE_CHOICES,
    replayOnRecovery: false,
    ...DEFAULT_ENDPOINT_RULES,
    secret: generateSecret(),
  };
}

/** What a run would ask for; without a mark an automatic attempt. */
export function request(deliveryId: string, mark: string | null = null) {
  return { deliveryId, mark, owner: 'run/activity', runId: 'run' };
}

/** An outcome with this status; 2xx is success. */
export function answered(statusCode: number): AttemptOutcome {
  return {
    statusCode,
    errorCode: statusCode < 300 ? null : `http_${statusCode}`,
    errorDetail: statusCode < 300 ? null : 'refused\0',
    response: { headers: [['x', 'caf\u00e9']], body: Buffer.from([0, 0xff, 0x41]), truncated: false },
    timings: { dnsMs: null, connectMs: 1, tlsMs: null, firstByteMs: 2, totalMs: 3 },
    remoteAddress: '127.0.0.1',
    tlsVersion: null,
    retryAfter: null,
    resent: false,
  };
}

/** A record of an attempt under this claim. */
export function recordOf(
  claim: Claim,
  verdict: AttemptRecord['verdict'],
  outcome = answered(verdict.kind === 'delivered' ? 200 : 503),
): AttemptRecord {
  const now = new Date();
  return {
    claim,
    startedAt: now,
    signedAt: now,
    signature: 'sha256=00',
    requestHeaders: { 'X-A': 'b' },
    outcome,
    verdict,
    next: 'run',
  };
}
