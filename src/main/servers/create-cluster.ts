import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SYSTEM_PATH, type UnprivilegedCommand } from './unprivileged-command.ts';

/** The superuser of an embedded cluster, whose password lies in the cluster's directory. */
export const CLUSTER_USER = 'posthorn';
export const PASSWORD_FILE = 'posthorn-password';

/**
 * Makes a new Postgres cluster in a directory, with a random password in a file only its owner can read. The directory
 * appears all at once: what an interrupted attempt left behind is thrown away.
 */
export async function createCluster(
  directory: string,
  initdb: string,
  as: UnprivilegedCommand,
): Promise<void> {
  if (existsSync(directory)) return;
  const draft = `${directory}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  own(draft, as);
  const password = randomBytes(24).toString('base64url');
  const passwordFile = `${directory}.password`;
  writePassword(passwordFile, password, as);
  try {
    await runInitdb(initdb, draft, { passwordFile, as });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  writePassword(join(draft, PASSWORD_FILE), password, as);
  renameSync(draft, directory);
}

function writePassword(file: string, password: string, as: UnprivilegedCommand): void {
  rmSync(file, { force: true });
  writeFileSync(file, `${password}\n`, { mode: 0o600, flag: 'wx' });
  own(file, as);
}

function own(path: string, { user }: UnprivilegedCommand): void {
  if (user !== null) chownSync(path, user.uid, user.gid);
}

async function runInitdb(
  initdb: string,
  directory: string,
  { passwordFile, as }: { passwordFile: string; as: UnprivilegedCommand },
): Promise<void> {
  const [command = initdb, ...args] = [
    ...as.prefix,
    initdb,
    `--pgdata=${directory}`,
    `--username=${CLUSTER_USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-locale',
  ];
  const env = { LC_ALL: 'C', TZ: 'UTC', PATH: SYSTEM_PATH };
  const ids = as.prefix.length === 0 ? as.user : null;
  const child = spawn(command, args, { ...ids, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`initdb could not make a Postgres cluster in ${directory}:\n${output}`);
}
