import { randomBytes } from 'node:crypto';
import { createApiServer } from '../../../src/api/create-api-server.ts';
import type { ApiDependencies } from '../../../src/api/dependencies.ts';
import type { Route } from '../../../src/api/platform/http/route-table.ts';
import { readConfig } from '../../../src/config.ts';
import type { DeliveryStart } from '../../../src/domain/delivery-start.ts';
import { PRODUCTION_TIMING, TEST_TIMING, type Timing } from '../../../src/domain/timing.ts';
import { createLogger } from '../../../src/logger.ts';
import { createCodec } from '../../../src/main/create-codec.ts';
import { CONSOLE_DIRECTORY, DOCUMENT_FILE } from '../../../src/main/served-files.ts';
import { VERSION } from '../../../src/main/version.ts';
import { signRequest } from '../../../src/sending/signed-request.ts';
import { Publisher } from '../../../src/storage/events/publisher.ts';
import { type Database, openDatabase } from '../../../src/storage/postgres/database.ts';
import { SecretBox } from '../../../src/storage/sealed/secret-box.ts';
import type { DeliveryRuns } from '../../../src/temporal/delivery-runs.ts';
import type { GateRuns } from '../../../src/temporal/gate-runs.ts';
import type { ReplayRuns } from '../../../src/temporal/replay-runs.ts';
import { createDatabase } from '../storage/database.ts';
import { insertKey } from './api-key.ts';

/** The members of answers that tests look into; which of them are there depends on the route. */
export interface ApiBody {
  readonly id: string;
  readonly delivery_id: string;
  readonly customer_id: string;
  readonly secret: string;
  readonly status: string;
  readonly code: string;
  readonly errors: readonly {
    readonly pointer: string;
    readonly parameter: string;
    readonly code: string;
    readonly detail: string;
  }[];
  readonly items: readonly ApiBody[];
  readonly next_cursor: string | null;
  readonly attempts: readonly ApiBody[] & { readonly total: number };
  readonly request: { readonly body: string };
  readonly before: string;
  readonly after: string;
  readonly key: string;
  readonly name: string;
  readonly event: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly rule: string;
  readonly passed: boolean;
  readonly deliveries: number;
  readonly created_at: string;
  readonly last_used_at: string;
  readonly events: readonly ApiBody[];
  readonly checks: readonly ApiBody[];
  readonly [member: string]: unknown;
}

/** An answer of the API: status, headers, and the body read as JSON (undefined where it is empty). */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ApiBody;
}

/** Sends one request with one key; a body that is no text is sent as JSON. */
export type ApiCall = (method: string, path: string, body?: unknown) => Promise<ApiAnswer>;

/** The API on a free port over a database of its own; Temporal is replaced by notes of what it was told. */
export interface ApiUnderTest {
  readonly url: string;
  /** What a replica of it is made of. */
  readonly dependencies: ApiDependencies;
  readonly routes: readonly Route[];
  readonly database: Database;
  readonly secretBox: SecretBox;
  readonly adminKey: string;
  readonly operator: ApiCall;
  /** What the runs were told: `retry del_…`, `cancel del_…`, `wake ep_…`, `start rpl_…`. */
  readonly told: readonly string[];
  /** A call with a new key of this customer. */
  customer(customerId: string): Promise<ApiCall>;
  /** As an API that was told to stop: not ready, but answering for so long. */
  leave(delayMs: number): Promise<void>;
  /** Closes the server only. */
  closeServer(): Promise<void>;
  close(): Promise<void>;
}

export interface ApiUnderTestOptions {
  readonly checkDestination?: ApiDependencies['checkDestination'];
  /** Stands in for the workers. */
  readonly onDue?: (starts: readonly DeliveryStart[], database: Database) => void;
  /** Turns the echo receivers on. */
  readonly echo?: boolean;
  /** Settings beyond those that tests need. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Instead of production's times, but for what tests would only wait for. */
  readonly timing?: Partial<Timing>;
  /** Takes the place of the dependencies made here. */
  readonly instead?: Partial<ApiDependencies>;
}

/** There are no workers whose sending could take time. */
const SOONER = { firstChallengeMs: TEST_TIMING.firstChallengeMs, testWaitMs: 300 };

/** Starts the API with the production wiring of Nest. */
export async function startApi(options: ApiUnderTestOptions = {}): Promise<ApiUnderTest> {
  const { checkDestination = async () => null, onDue = () => {} } = options;
  const testDatabase = await createDatabase();
  const logger = createLogger('silent');
  const timing = { ...PRODUCTION_TIMING, ...SOONER, ...options.timing };
  const database = openDatabase(testDatabase.url, { logger, timing });
  const config = readConfig('api', {
    DATABASE_URL: testDatabase.url,
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    POSTHORN_ADMIN_KEY: randomBytes(16).toString('hex'),
    POSTHORN_MASTER_KEY: randomBytes(32).toString('base64'),
    POSTHORN_ECHO: String(options.echo ?? false),
    ...options.environment,
  });
  const told: string[] = [];
  const secretBox = new SecretBox(config.masterKeys);
  const dependencies: ApiDependencies = {
    config,
    logger,
    database,
    secretBox,
    publisher: new Publisher(database, {
      onDue: (starts) => onDue(starts, database),
      onLater: () => {},
      onHeld: () => {},
    }),
    runs: notingRuns(told),
    gateRuns: notingGateRuns(told),
    replayRuns: notingReplayRuns(told),
    wakeWave: () => void told.push('wake wave'),
    checkDestination,
    signRequest: (claim, now) =>
      signRequest([claim], { now, userAgent: 'Posthorn/test', headerPrefix: config.headerPrefix }),
    temporalCodec: { codec: createCodec(config), uiUrl: 'http://temporal.test' },
    version: VERSION,
    consoleDirectory: CONSOLE_DIRECTORY,
    documentFile: DOCUMENT_FILE,
    ...options.instead,
  };
  const server = await createApiServer(dependencies);
  const { port } = await server.listen('127.0.0.1', 0);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    dependencies,
    routes: server.routes,
    database,
    secretBox,
    told,
    adminKey: config.adminKey,
    operator: callWith(url, config.adminKey),
    customer: async (customerId) => {
      const { key } = await insertKey(database, { customerId });
      return callWith(url, key);
    },
    leave: async (delayMs) => await server.leave(delayMs),
    closeServer: async () => await server.close(),
    close: async () => {
      await server.close();
      await database.close();
      await testDatabase.drop();
    },
  };
}

function notingRuns(told: string[]): DeliveryRuns {
  const runs: Pick<DeliveryRuns, 'signalRetry' | 'cancel' | 'urlOf' | 'isReachable'> = {
    signalRetry: async ({ deliveryId }) => void told.push(`retry ${deliveryId}`),
    cancel: async (deliveryId) => void told.push(`cancel ${deliveryId}`),
    urlOf: (workflowId, runId) => `http://temporal.test/${workflowId}/${runId}`,
    isReachable: () => true,
  };
  return runs as DeliveryRuns;
}

function notingGateRuns(told: string[]): GateRuns {
  const runs: Pick<GateRuns, 'wake'> = { wake: async (endpointId) => void told.push(`wake ${endpointId}`) };
  return runs as GateRuns;
}

function notingReplayRuns(told: string[]): ReplayRuns {
  const runs: Pick<ReplayRuns, 'begin' | 'cancel'> = {
    begin: async ({ replayId }) => void told.push(`start ${replayId}`),
    cancel: async (replayId) => void told.push(`cancel ${replayId}`),
  };
  return runs as ReplayRuns;
}

/** Calls the API at this URL with this key. */
export function callWith(url: string, key: string): ApiCall {
  return async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        Authorization: `Bearer ${key}`,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  };
}
