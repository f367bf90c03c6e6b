import pg from 'pg';
import { serverUrlsOf } from '../../settings/database-url.ts';
import { asUnavailable } from './database-unavailable.ts';
import { type DatabaseServer, PrimarySearch } from './primary-search.ts';

type OnConnected = ((error: Error) => void) | ((error: null, client: pg.Client) => void);

/** What a client connects to. */
export interface DatabaseAddress {
  readonly connectionString: string;
  /** Where there are several servers: which of them; `connectionString` is that of the first. */
  readonly primary?: PrimarySearch;
}

/** Of a server that does not answer; short, so that the next one is asked while whoever needs a connection waits. */
const LONGEST_ANSWER_MS = 1_500;

/**
 * A client whose `connect` fails with `DatabaseUnavailable`, whatever the reason, and says that in a sentence. Losing
 * its connection ends no process: whoever asks something of it afterwards is told.
 */
export class PostgresClient extends pg.Client {
  readonly #primary: PrimarySearch | undefined;

  constructor(config?: pg.ClientConfig & Partial<DatabaseAddress>) {
    super(config);
    this.#primary = config?.primary;
    // A server that ends may say so in the same breath in which it says that it is ready, before anybody listens.
    this.on('error', () => {});
  }

  override connect(): Promise<pg.Client>;
  override connect(callback: OnConnected): void;
  override connect(callback?: OnConnected): Promise<pg.Client> | undefined {
    const connecting = this.#connect().catch((cause: unknown) => {
      throw asUnavailable(cause);
    });
    if (callback === undefined) return connecting;
    const done = callback as (error: Error | null, client?: pg.Client) => void;
    connecting.then((client) => done(null, client), done);
    return undefined;
  }

  async #connect(): Promise<pg.Client> {
    const server = await this.#primary?.find();
    if (server !== undefined) Object.assign(this, { host: server.host, port: server.port });
    return await super.connect();
  }
}

/**
 * Reads a connection URL with the meaning that Postgres itself gives to its parameters: `sslmode=require` encrypts and
 * looks at no certificate, `verify-ca` and `verify-full` do; `sslrootcert=system` means the well-known authorities. Of
 * several servers the primary is meant.
 * @throws DatabaseUnavailable where it is no URL, or a file that it names cannot be read
 */
export function readDatabaseUrl(databaseUrl: string): DatabaseAddress {
  try {
    const servers = serverUrlsOf(databaseUrl).map(readServerUrl);
    const connectionString = servers[0]?.connectionString ?? '';
    return servers.length > 1
      ? { connectionString, primary: new PrimarySearch(servers, isPrimary) }
      : { connectionString };
  } catch (cause) {
    throw asUnavailable(cause);
  }
}

function readServerUrl(text: string): DatabaseServer {
  const url = new URL(text);
  const { searchParams } = url;
  if (searchParams.get('sslrootcert') === 'system') {
    searchParams.delete('sslrootcert');
    searchParams.set('sslmode', 'verify-full');
  } else if (searchParams.has('sslmode')) searchParams.set('uselibpqcompat', 'true');
  // Reads the files that it names.
  const { host, port } = new pg.Client({ connectionString: url.href });
  return { connectionString: url.href, host, port };
}

async function isPrimary({ connectionString }: DatabaseServer): Promise<boolean> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: LONGEST_ANSWER_MS,
    query_timeout: LONGEST_ANSWER_MS,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ isPrimary: boolean }>(
      'SELECT NOT pg_is_in_recovery() AS "isPrimary"',
    );
    return rows[0]?.isPrimary === true;
  } finally {
    // Not awaited: a server that hangs answers to this neither.
    void client.end().catch(() => {});
  }
}
