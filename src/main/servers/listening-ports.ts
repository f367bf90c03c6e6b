import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The state LISTEN in /proc/net/tcp. */
const LISTENING = '0A';
const SOCKET = /^socket:\[(\d+)\]$/;

/** The TCP ports that a process listens on, in no order; none where the system does not tell (it does on Linux). */
export function listeningPorts(pid: number): readonly number[] {
  try {
    const inodes = socketsOf(pid);
    const tables = ['tcp', 'tcp6'].flatMap((table) => listenersIn(`/proc/${pid}/net/${table}`));
    return [...new Set(tables.flatMap(({ port, inode }) => (inodes.has(inode) ? [port] : [])))];
  } catch {
    return [];
  }
}

function socketsOf(pid: number): ReadonlySet<string> {
  const directory = `/proc/${pid}/fd`;
  const inodes = readdirSync(directory).flatMap((fd) => {
    const inode = SOCKET.exec(linkOf(`${directory}/${fd}`))?.[1];
    return inode === undefined ? [] : [inode];
  });
  return new Set(inodes);
}

/** Empty where it was closed a moment ago. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/**
 * Columns of proc(5): number, local address and port in hexadecimal, remote, state, six others of which the last is the
 * inode.
 */
function listenersIn(path: string): readonly { readonly port: number; readonly inode: string }[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      const port = Number.parseInt(local.split(':')[1] ?? '', 16);
      return state === LISTENING && !Number.isNaN(port) ? [{ port, inode }] : [];
    });
}
