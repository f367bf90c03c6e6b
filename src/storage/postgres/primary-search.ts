import { asUnavailable, DatabaseUnavailable } from './database-unavailable.ts';

/** One of the servers that `DATABASE_URL` names. */
export interface DatabaseServer {
  readonly connectionString: string;
  readonly host: string;
  readonly port: number;
}

/** Asks a server whether it is the primary, or a standby that may only be read. @throws where it does not answer */
type AskIfPrimary = (server: DatabaseServer) => Promise<boolean>;

/**
 * Finds the primary among the servers that `DATABASE_URL` names: the one that was primary before, then the others in
 * their order, as after a failover. Whoever looks while somebody does waits for the same answer.
 */
export class PrimarySearch {
  readonly #servers: readonly DatabaseServer[];
  readonly #isPrimary: AskIfPrimary;
  #found: DatabaseServer | null = null;
  #looking: Promise<DatabaseServer> | null = null;

  constructor(servers: readonly DatabaseServer[], isPrimary: AskIfPrimary) {
    this.#servers = servers;
    this.#isPrimary = isPrimary;
  }

  /** @throws DatabaseUnavailable that says of each server why it is not the one */
  async find(): Promise<DatabaseServer> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return await this.#looking;
  }

  async #look(): Promise<DatabaseServer> {
    const former = this.#found;
    const others = this.#servers.filter((server) => server !== former);
    const reasons: string[] = [];
    for (const server of former === null ? others : [former, ...others]) {
      const reason = await this.#whyNot(server);
      if (reason === null) {
        this.#found = server;
        return server;
      }
      reasons.push(`${server.host}:${server.port} ${reason}`);
    }
    throw new DatabaseUnavailable('database_unavailable', `no server is primary: ${reasons.join('; ')}`);
  }

  async #whyNot(server: DatabaseServer): Promise<string | null> {
    try {
      return (await this.#isPrimary(server)) ? null : 'is a standby';
    } catch (error) {
      return `does not answer (${asUnavailable(error).message})`;
    }
  }
}
