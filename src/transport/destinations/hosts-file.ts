import { readFile, stat } from 'node:fs/promises';
import { isIP } from 'node:net';

/** Finds the addresses a hosts file gives a name; empty where it has none. */
export type HostsFile = (name: string) => Promise<readonly string[]>;

/** How long a look at the file counts: it changes rarely, and every new connection asks. */
const LOOK_AGAIN_AFTER_MS = 5_000;

/** Opens a hosts file (hosts(5)); it is read again once it has changed. A missing one is empty. */
export function openHostsFile(path = '/etc/hosts'): HostsFile {
  let names: ReadonlyMap<string, readonly string[]> = new Map();
  let changedAt = Number.NaN;
  let lookedAt = Number.NEGATIVE_INFINITY;
  const look = async (): Promise<void> => {
    if (performance.now() - lookedAt < LOOK_AGAIN_AFTER_MS) return;
    const { mtimeMs } = await stat(path);
    if (mtimeMs !== changedAt) names = parseHosts(await readFile(path, 'utf8'));
    changedAt = mtimeMs;
    lookedAt = performance.now();
  };
  return async (name) => {
    await look().catch(() => {
      lookedAt = performance.now();
    });
    return names.get(name.toLowerCase()) ?? [];
  };
}

function parseHosts(text: string): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (isIP(address) === 0) continue;
    for (const alias of aliases.map((name) => name.toLowerCase())) {
      const known = names.get(alias) ?? [];
      if (!known.includes(address)) names.set(alias, [...known, address]);
    }
  }
  return names;
}
