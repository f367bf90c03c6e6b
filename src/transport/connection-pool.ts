import { Connection } from './connection.ts';
import type { Dial } from './dialer.ts';

/** Idle connections by origin, the one used last first, so that surplus ones run into their idle timeout. */
export class ConnectionPool {
  readonly #dial: Dial;
  readonly #idle = new Map<string, Connection[]>();

  constructor(dial: Dial) {
    this.#dial = dial;
  }

  /** An idle open connection to the origin, or a new one that will dial with its first request. */
  take(origin: URL): Connection {
    const idle = this.#idle.get(origin.origin) ?? [];
    for (let connection = idle.pop(); connection !== undefined; connection = idle.pop()) {
      if (connection.isOpen) return connection;
    }
    this.#idle.delete(origin.origin);
    return new Connection(origin, this.#dial, (closed) => this.#forget(closed));
  }

  /** Keeps a connection whose request is over for the next one. */
  give(connection: Connection): void {
    const idle = this.#idle.get(connection.origin);
    if (idle === undefined) this.#idle.set(connection.origin, [connection]);
    else idle.push(connection);
  }

  /** Closes all idle connections. */
  clear(): void {
    const reason = new Error('The sender is closing');
    for (const idle of this.#idle.values()) for (const connection of idle) connection.destroy(reason);
    this.#idle.clear();
  }

  #forget(connection: Connection): void {
    const idle = this.#idle.get(connection.origin);
    if (idle === undefined) return;
    const index = idle.lastIndexOf(connection);
    if (index !== -1) idle.splice(index, 1);
    if (idle.length === 0) this.#idle.delete(connection.origin);
  }
}
