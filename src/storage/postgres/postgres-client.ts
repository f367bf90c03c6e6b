import pg from 'pg';
import { asUnavailable } from './database-unavailable.ts';

type OnConnected = ((error: Error) => void) | ((error: null, client: pg.Client) => void);

/**
 * A client whose `connect` fails with `DatabaseUnavailable`, whatever the reason, and says that in a sentence. Losing
 * its connection ends no process: whoever asks something of it afterwards is told.
 */
export class PostgresClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    // A server that ends may say so in the same breath in which it says that it is ready, before anybody listens.
    this.on('error', () => {});
  }

  override connect(): Promise<pg.Client>;
  override connect(callback: OnConnected): void;
  override connect(callback?: OnConnected): Promise<pg.Client> | undefined {
    const connecting = super.connect().catch((cause: unknown) => {
      throw asUnavailable(cause);
    });
    if (callback === undefined) return connecting;
    const done = callback as (error: Error | null, client?: pg.Client) => void;
    connecting.then((client) => done(null, client), done);
    return undefined;
  }
}

/**
 * A connection URL with the meaning that Postgres itself gives to its parameters: `sslmode=require` encrypts and looks
 * at no certificate, `verify-ca` and `verify-full` do; `sslrootcert=system` means the well-known authorities.
 * @throws DatabaseUnavailable where it is no URL, or a file that it names cannot be read
 */
export function readDatabaseUrl(databaseUrl: string): string {
  try {
    const url = new URL(databaseUrl);
    const { searchParams } = url;
    if (searchParams.get('sslrootcert') === 'system') {
      searchParams.delete('sslrootcert');
      searchParams.set('sslmode', 'verify-full');
    } else if (searchParams.has('sslmode')) searchParams.set('uselibpqcompat', 'true');
    // Reads the files that it names.
    new pg.Client({ connectionString: url.href });
    return url.href;
  } catch (cause) {
    throw asUnavailable(cause);
  }
}
