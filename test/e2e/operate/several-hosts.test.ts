import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../src/logger.ts';
import { type Database, openDatabase } from '../../../src/storage/postgres/database.ts';
import { migrate } from '../../../src/storage/postgres/migrate.ts';
import { eventually } from '../../support/eventually.ts';
import { startPairOfTest } from '../../support/postgres/pair-of-test.ts';
import { type Pair, portOf, promote } from '../../support/postgres/standby.ts';
import { type Posthorn, startPosthorn } from '../../support/processes/posthorn.ts';
import { type Receiver, startReceiver } from '../../support/receivers/receiver.ts';

const SLOW = 180_000;
const CONNECTED_TO = 'SELECT inet_server_port() AS port';

let pair: Pair;
let url: string;
let database: Database;
let posthorn: Posthorn;
let receiver: Receiver;

beforeAll(async () => {
  pair = await startPairOfTest();
  // The standby comes first, so that it is not the place in the URL that decides.
  const { port } = new URL(pair.primary.url);
  const hosts = `:${portOf(pair.standby.url)},127.0.0.1:${port}/`;
  url = `${pair.primary.url.replace(`:${port}/`, hosts)}?target_session_attrs=read-write`;
  database = openDatabase(url, { logger: createLogger('silent') });
  receiver = await startReceiver();
  posthorn = await startPosthorn({ databaseUrl: url });
  await posthorn.startWorker();
}, SLOW);
afterAll(async () => {
  await posthorn.stop();
  await receiver.close();
  await database.close();
  await pair.standby.stop();
});

describe('a DATABASE_URL with several hosts', () => {
  it(
    'leads to the primary, and to the standby once that was promoted',
    async () => {
      await migrate(url);
      expect((await database.pool.query(CONNECTED_TO)).rows).toEqual([{ port: portOf(pair.primary.url) }]);
      const { customerId } = await posthorn.endpoint({ url: `${receiver.url}/hook` });
      const event = { event: 'job.completed', customer_id: customerId, data: { job_id: 'j1' } };
      const publish = async () => await posthorn.call('POST', '/v1/events', event);
      const before = await publish();
      expect(before.status).toBe(202);

      process.kill(pair.primary.pid(), 'SIGKILL');
      await eventually(async () => {
        await expect(database.pool.query(CONNECTED_TO)).rejects.toThrow(
          /^no server is primary: .*does not answer .*; .*is a standby$/,
        );
        return true;
      });
      await promote(pair.standby);

      await eventually(async () => {
        const { rows } = await database.pool.query(CONNECTED_TO);
        return rows[0].port === portOf(pair.standby.url);
      });
      await eventually(async () => (await publish()).status === 202, { timeoutMs: 60_000 });
      await eventually(() => receiver.requests.length >= 2, { timeoutMs: 60_000 });
    },
    SLOW,
  );
});
