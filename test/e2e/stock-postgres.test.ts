import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { EmbeddedPostgres } from '../../src/main/servers/embedded-postgres.ts';
import { preparePostgresBinaries } from '../../src/main/servers/postgres-binaries.ts';
import { migrate } from '../../src/storage/postgres/migrate.ts';
import { type Posthorn, startPosthorn } from '../support/processes/posthorn.ts';
import { debianPostgres, startStockPostgres } from '../support/processes/stock-postgres.ts';
import { type Receiver, startReceiver } from '../support/receivers/receiver.ts';
import { newDataDirectory } from '../support/runs/temporal.ts';

const VERSION = 15;
const EVENTS = 40;
/** Above what the smallest of its statements costs, a stock server compiles everything: here that is all of them. */
const COMPILE_ALL = ['jit', 'jit_above_cost', 'jit_inline_above_cost', 'jit_optimize_above_cost'];

let server: EmbeddedPostgres;
let postgres: pg.Client;
let posthorn: Posthorn;
let receiver: Receiver;

beforeAll(async () => {
  // Elsewhere than in CI (.ci/run installs it) the packaged server has to do, which cannot compile.
  const programs = debianPostgres(VERSION) ?? (await preparePostgresBinaries());
  const settings = ['shared_preload_libraries=pg_stat_statements', 'fsync=off'];
  server = await startStockPostgres({ programs, dataDir: newDataDirectory(), settings });
  postgres = new pg.Client({ connectionString: server.url });
  await postgres.connect();
  await postgres.query('CREATE EXTENSION pg_stat_statements');
  await migrate(server.url);
  for (const setting of COMPILE_ALL)
    await postgres.query(`ALTER DATABASE posthorn SET ${setting} = ${setting === 'jit' ? 'on' : '0'}`);
  receiver = await startReceiver();
  posthorn = await startPosthorn({ databaseUrl: server.url });
  await posthorn.startWorker();
});
afterAll(async () => {
  await posthorn?.stop();
  await receiver?.close();
  await postgres?.end();
  await server?.stop();
});

describe('on a Postgres that compiles whatever it may', () => {
  it('compiles no statement of the API or a worker', async () => {
    await compileInOtherSession();
    const { publish } = await posthorn.endpoint({ url: receiver.url });
    const ids = await Promise.all(Array.from({ length: EVENTS }, () => publish()));
    for (const id of ids) await posthorn.untilStatus(id, 'delivered');
    await posthorn.call('GET', '/v1/stats');

    const compiled = await compiledStatements();
    expect(compiled.map(({ query }) => query)).toEqual(
      (await canCompile()) ? [expect.stringContaining('control')] : [],
    );
    // Else the counters would have been those of somebody else.
    expect(await statementsOf('INSERT INTO ended_deliveries')).toBeGreaterThan(0);
    expect(await statementsOf('INSERT INTO events')).toBeGreaterThan(0);
  });

  it('can compile where this is shown by CI', async () => {
    expect((await canCompile()) || process.env.CI === undefined).toBe(true);
  });
});

/** A session like Posthorn's but for what it asks of the server: shows that the counters count. */
async function compileInOtherSession(): Promise<void> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query('SELECT count(*) AS control FROM pg_class');
  await client.end();
}

async function canCompile(): Promise<boolean> {
  const { rows } = await postgres.query<{ can: boolean }>('SELECT pg_jit_available() AS can');
  return rows[0]?.can === true;
}

async function compiledStatements(): Promise<readonly { readonly query: string }[]> {
  const { rows } = await postgres.query<{ query: string }>(
    'SELECT query FROM pg_stat_statements WHERE jit_functions > 0',
  );
  return rows;
}

async function statementsOf(text: string): Promise<number> {
  const { rows } = await postgres.query<{ calls: number }>(
    'SELECT coalesce(sum(calls), 0)::int AS calls FROM pg_stat_statements WHERE strpos(query, $1) > 0',
    [text],
  );
  return rows[0]?.calls ?? 0;
}
