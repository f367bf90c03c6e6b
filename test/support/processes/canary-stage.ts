import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../../src/storage/postgres/migrate.ts';
import type { Certificates } from '../receivers/certificates.ts';
import { startDnsServer } from '../receivers/dns-server.ts';
import { listen, type MisbehavingReceiver, startReceiver } from '../receivers/misbehaving-receiver.ts';
import { newDataDirectory, startOwnPostgres, startOwnTemporal } from '../runs/temporal.ts';
import type { Canary } from './canaries.ts';
import { type Posthorn, startPosthorn } from './posthorn.ts';
import type { RunningProcess } from './processes.ts';

/** What stands in the configuration of the processes. */
export interface ConfiguredCanaries {
  readonly adminKey: Canary;
  readonly masterKey: Canary;
  readonly databasePassword: Canary;
  readonly proxyPassword: Canary;
}

/** A Posthorn with servers of its own, all of whose words are kept: it logs as much as it can, and sends by a proxy. */
export interface CanaryStage {
  readonly posthorn: Posthorn;
  readonly certificates: Certificates;
  /** Of a receiver that wants a client certificate, behind the proxy. */
  readonly tlsUrl: string;
  /** Of a receiver whose certificate nobody trusts. */
  readonly untrustedUrl: string;
  /** Every process that ran, ended or not. */
  readonly processes: RunningProcess[];
  /** The files that the servers wrote: logs, and Temporal's data. */
  readonly serverFiles: { readonly logs: readonly string[]; readonly temporal: readonly string[] };
  readonly temporalAddress: string;
  startWorker(masterKeys?: string): Promise<RunningProcess>;
  /** Kills the API and starts another. */
  restartApi(masterKeys?: string): Promise<void>;
  /** Runs SQL as the superuser. */
  sql(text: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Kills Postgres, has this done meanwhile, and starts it again. */
  withoutPostgres(work: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

const PUBLIC_ADDRESS = '93.184.216.34';
const ROLE = 'posthorn_app';

/** Starts servers, receivers and an API; no worker yet. */
export async function openCanaryStage(
  canaries: ConfiguredCanaries,
  certificates: Certificates,
): Promise<CanaryStage> {
  const closers: (() => Promise<unknown>)[] = [];
  let postgres = await startOwnPostgres();
  const temporal = await startOwnTemporal();
  closers.push(temporal.stop, async () => await postgres.stop());
  const sql: CanaryStage['sql'] = async (text) => await onceConnected(postgres.url, text);
  await sql(`CREATE ROLE ${ROLE} LOGIN SUPERUSER PASSWORD '${canaries.databasePassword.text}'`);
  const network = await openNetwork(certificates);
  closers.push(network.close);
  const posthorn = await startPosthorn({
    databaseUrl: await migrated(postgres.url, canaries.databasePassword),
    temporalAddress: temporal.address,
    namespace: 'default',
    environment: { ...environmentOf(canaries, network), LOG_LEVEL: 'trace' },
  });
  closers.push(posthorn.stop);
  const processes = [posthorn.api()];
  return {
    posthorn,
    ...network,
    processes,
    temporalAddress: temporal.address,
    serverFiles: {
      logs: [join(postgres.dataDir, 'postgres.log'), join(temporal.dataDir, 'temporal.log')],
      temporal: ['', '-wal'].map((suffix) => join(temporal.dataDir, `temporal.db${suffix}`)),
    },
    startWorker: async (masterKeys = canaries.masterKey.text) => {
      const worker = await posthorn.startWorker({ POSTHORN_MASTER_KEY: masterKeys });
      processes.push(worker);
      return worker;
    },
    restartApi: async (masterKeys = canaries.masterKey.text) => {
      posthorn.api().kill('SIGKILL');
      await posthorn.api().ended;
      processes.push(await posthorn.startApi({ POSTHORN_MASTER_KEY: masterKeys }));
    },
    sql,
    withoutPostgres: async (work) => {
      process.kill(postgres.pid(), 'SIGKILL');
      await postgres.stop().catch(() => {});
      await work();
      const port = Number(new URL(postgres.url).port);
      postgres = await startOwnPostgres({ dataDir: postgres.dataDir, port });
    },
    close: async () => {
      for (const close of closers.splice(0).reverse()) await close();
    },
  };
}

async function migrated(superuserUrl: string, password: Canary): Promise<string> {
  const url = new URL(superuserUrl);
  url.username = ROLE;
  url.password = password.text;
  await migrate(url.href);
  return url.href;
}

async function onceConnected(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

interface Network {
  readonly certificates: Certificates;
  readonly tlsUrl: string;
  readonly untrustedUrl: string;
  readonly dnsServer: string;
  readonly proxyPort: number;
  close(): Promise<void>;
}

/** A name server, a proxy, and receivers with TLS: one on a public address that only the proxy leads to, one beside. */
async function openNetwork(certificates: Certificates): Promise<Network> {
  const dns = await startDnsServer();
  dns.tell('receiver.example', [PUBLIC_ADDRESS]);
  dns.tell('refused.example', [PUBLIC_ADDRESS]);
  const tls = await startReceiver(() => {}, {
    ...certificates.valid,
    requestCert: true,
    ca: certificates.authority,
  });
  const untrusted = await startReceiver(() => {}, certificates.selfSigned);
  const proxy = await startProxy(tls.port);
  return {
    certificates,
    tlsUrl: 'https://receiver.example/',
    untrustedUrl: untrusted.url,
    dnsServer: dns.address,
    proxyPort: proxy.port,
    close: async () => {
      for (const server of [proxy, tls, untrusted]) await server.close();
      await dns.close();
    },
  };
}

/**
 * Refuses the first tunnel and repeats what it was told, as only a bad one would; then it leads everything to the
 * receiver.
 */
function startProxy(port: number): Promise<MisbehavingReceiver> {
  let asked = 0;
  return listen((client) => {
    client.once('data', (head) => {
      asked += 1;
      if (asked === 1) return void client.end(`HTTP/1.1 407 Unwanted\r\n\r\n${head.toString('latin1')}`);
      const upstream = connect(port, '127.0.0.1').on('error', () => client.destroy());
      client.on('close', () => upstream.destroy()).write('HTTP/1.1 200 Established\r\n\r\n');
      client.pipe(upstream).pipe(client);
    });
  });
}

function environmentOf(
  { adminKey, masterKey, proxyPassword }: ConfiguredCanaries,
  { certificates, dnsServer, proxyPort }: Network,
): Readonly<Record<string, string>> {
  const authorities = join(newDataDirectory(), 'authorities.pem');
  writeFileSync(authorities, certificates.authority);
  return {
    POSTHORN_ADMIN_KEY: adminKey.text,
    POSTHORN_MASTER_KEY: masterKey.text,
    POSTHORN_PROXY_URL: `http://proxy-user:${proxyPassword.text}@127.0.0.1:${proxyPort}`,
    POSTHORN_DNS_SERVERS: dnsServer,
    POSTHORN_CA_FILE: authorities,
  };
}
