import { Connection, type ConnectionTarget } from './connection.ts';
import type { Dial } from './dialer.ts';

/**
 * Idle connections by the key of their target, the one used last first, so that surplus ones run into their idle
 * timeout.
 */
export class ConnectionPool {
  readonly #dial: Dial;
  readonly #idle = new Map<string, Connection[]>();

  constructor(dial: Dial) {
    this.#dial = dial;
  }

  /** An idle connection that may be used, or a new one that will dial with its first request. */
  take(target: ConnectionTarget): Connection {
    const idle = this.#idle.get(target.key) ?? [];
    for (let connection = idle.pop(); connection !== undefined; connection = idle.pop()) {
      if (connection.isReusable(target.revision)) return connection;
      connection.destroy();
    }
    this.#idle.delete(target.key);
    return this.open(target);
  }

  /** A new connection, whatever idle ones there are. */
  open(target: ConnectionTarget): Connection {
    return new Connection(target, this.#dial, (closed) => this.#forget(closed));
  }

  /** Keeps a connection whose request is over for the next one, or closes it where it may not be used again. */
  give(connection: Connection, revision: number): void {
    if (!connection.isReusable(revision)) {
      connection.destroy();
      return;
    }
    const idle = this.#idle.get(connection.target.key);
    if (idle === undefined) this.#idle.set(connection.target.key, [connection]);
    else idle.push(connection);
  }

  /** Closes all idle connections. */
  clear(): void {
    for (const idle of this.#idle.values()) for (const connection of idle) connection.destroy();
    this.#idle.clear();
  }

  #forget(connection: Connection): void {
    const { key } = connection.target;
    const idle = this.#idle.get(key);
    if (idle === undefined) return;
    const index = idle.lastIndexOf(connection);
    if (index !== -1) idle.splice(index, 1);
    if (idle.length === 0) this.#idle.delete(key);
  }
}
