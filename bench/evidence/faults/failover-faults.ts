import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { preparePostgresBinaries } from '../../../src/main/servers/postgres-binaries.ts';
import { isAlive } from '../../../src/main/servers/process-identity.ts';
import { migrate } from '../../../src/storage/postgres/migrate.ts';
import { startPair } from '../../../test/support/postgres/standby.ts';
import { debianPostgres } from '../../../test/support/processes/stock-postgres.ts';
import { waitUntil } from '../../load/wait-until.ts';
import { during, type Fault, pass } from '../fault.ts';
import { type StageServers, startStageServers } from '../stage-servers.ts';

const DEBIAN_VERSION = 15;
const DEATH_MS = 10_000;

/** The primary dies for good; a standby that every commit waited for takes its place. */
export const failover: Fault = {
  name: 'failover',
  summary: 'the primary Postgres gets SIGKILL for good, and its synchronous standby is promoted',
  startServers: async () => await startStageServers({ startPostgres: startWithStandby }),
  async inject(context) {
    const { servers, links, seconds, signal } = context;
    await pass(seconds / 4, signal);
    await during(context, { fault: 'primary dead' }, async () => {
      await servers.postgres.stopAtOnce(signal);
      await pass(1, signal);
      const url = await servers.promote?.();
      if (url === undefined) throw new Error('there is no standby');
      links.postgres.leadTo(Number(new URL(url).port));
    });
    await pass(seconds / 2, signal);
  },
};

async function startWithStandby(dataDir: string): Promise<Pick<StageServers, 'postgres' | 'promote'>> {
  const [primaryDir = '', standbyDir = ''] = ['primary', 'standby'].map((name) => join(dataDir, name));
  for (const directory of [primaryDir, standbyDir]) mkdirSync(directory, { recursive: true });
  const programs = debianPostgres(DEBIAN_VERSION) ?? (await preparePostgresBinaries());
  const { primary, standby } = await startPair({ programs, primaryDir, standbyDir, prepare: migrate });
  return {
    postgres: {
      ...primary,
      async stopAtOnce(signal) {
        const pid = primary.pid();
        process.kill(pid, 'SIGKILL');
        await waitUntil(() => !isAlive(pid), { timeoutMs: DEATH_MS, signal });
      },
      startAgain: async () => await Promise.reject(new Error('the primary does not come back')),
      async stop() {
        await primary.stop();
        await standby.stop();
      },
    },
    async promote() {
      const client = new Client({ connectionString: standby.url });
      await client.connect();
      await client.query('SELECT pg_promote()').finally(async () => await client.end());
      return standby.url;
    },
  };
}
