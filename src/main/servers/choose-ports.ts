import { createServer } from 'node:net';
import getPort from 'get-port';
import { ConfigError } from '../../settings/config-error.ts';

/** The ports people expect; each is only taken where it is free. */
const TEMPORAL_PORT = 7233;
const TEMPORAL_UI_PORT = 8233;

export interface PortWish {
  readonly host: string;
  readonly port: number;
  /** Whether the user named this port, so that no other will do. */
  readonly portIsNamed: boolean;
}

export interface ChosenPorts {
  readonly api: number;
  readonly temporal: number;
  readonly temporalUi: number;
  /** For people: one line for each expected port that was in use. */
  readonly notes: readonly string[];
}

/**
 * Chooses the ports of one Posthorn with embedded servers: the usual ones, or free ones where those are in use.
 * @throws ConfigError when a port the user named is in use
 */
export async function choosePorts(wish: PortWish): Promise<ChosenPorts> {
  const notes: string[] = [];
  const api = await chooseApiPort(wish, notes);
  const temporal = await freePort(TEMPORAL_PORT, { taken: [api], notes, what: 'Temporal' });
  const temporalUi = await freePort(TEMPORAL_UI_PORT, {
    taken: [api, temporal],
    notes,
    what: 'The Temporal UI',
  });
  return { api, temporal, temporalUi, notes };
}

/**
 * Refuses a port that somebody listens on: asking there would show a server that is not ours.
 * @throws ConfigError naming the port and who wanted it
 */
export async function requireFreePort(port: number, what: string): Promise<void> {
  if (!(await isFree(port, '127.0.0.1')))
    throw new ConfigError(`Port ${port} is in use: ${what} cannot listen there`);
}

async function chooseApiPort({ host, port, portIsNamed }: PortWish, notes: string[]): Promise<number> {
  if (!portIsNamed) return freePort(port, { taken: [], notes, what: 'Posthorn', host });
  // Zero asks for any free port.
  if (port === 0) return getPort({ host });
  if (await isFree(port, host)) return port;
  throw new ConfigError(`PORT=${port} is in use on ${host}: stop what listens there, or name another port`);
}

async function freePort(
  wanted: number,
  options: { taken: readonly number[]; notes: string[]; what: string; host?: string },
): Promise<number> {
  const { taken, notes, what, host = '127.0.0.1' } = options;
  if (!taken.includes(wanted) && (await isFree(wanted, host))) return wanted;
  const port = await getPort({ host, exclude: [...taken] });
  notes.push(`Port ${wanted} is in use: ${what} listens on ${port} instead`);
  return port;
}

/** Whether a TCP port can be listened on right now. */
function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
