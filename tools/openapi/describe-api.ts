import { createApiDocument } from '../../src/api/create-api-server.ts';
import type { ApiDependencies } from '../../src/api/dependencies.ts';
import { readConfig } from '../../src/config.ts';
import { createLogger } from '../../src/logger.ts';
import { VERSION } from '../../src/main/version.ts';
import { openDatabase } from '../../src/storage/postgres/database.ts';
import { SecretBox } from '../../src/storage/sealed/secret-box.ts';

const NOWHERE = 'postgres://127.0.0.1:1/nowhere';

/** The OpenAPI document of this version, made without any server; what it is written to is what an instance serves. */
export async function describeApi(): Promise<object> {
  const logger = createLogger('silent');
  const database = openDatabase(NOWHERE, { logger });
  const config = readConfig('api', {
    DATABASE_URL: NOWHERE,
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    POSTHORN_ADMIN_KEY: 'a'.repeat(32),
    POSTHORN_MASTER_KEY: Buffer.alloc(32, 1).toString('base64'),
  });
  try {
    return await createApiDocument({
      config,
      logger,
      database,
      secretBox: new SecretBox(config.masterKeys),
      checkDestination: async () => null,
      signRequest: () => ({ headers: {}, body: Buffer.alloc(0) }),
      wakeWave: () => {},
      temporalCodec: { codec: null, uiUrl: null },
      version: VERSION,
      consoleDirectory: '',
      documentFile: '',
      ...UNUSED,
    });
  } finally {
    await database.close();
  }
}

/** Nothing of these is called while routes are only described. */
const UNUSED = { publisher: {}, runs: {}, gateRuns: {}, replayRuns: {} } as Pick<
  ApiDependencies,
  'publisher' | 'runs' | 'gateRuns' | 'replayRuns'
>;
