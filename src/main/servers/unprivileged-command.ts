import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** The user Postgres programs run as and own their files as. */
export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

/** How to start a program so that it does not run as root. */
export interface UnprivilegedCommand {
  /** Null where we are not root ourselves and nothing needs to change. */
  readonly user: UserIds | null;
  /** Program and arguments to put in front of the real ones; empty where the user alone is enough. */
  readonly prefix: readonly string[];
}

const USER_NAME = 'postgres';

/** Where the system's programs lie, whatever the caller's own PATH says. */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Postgres refuses to run as root, so as root it gets the user `postgres`, made where missing. Where that user cannot
 * pass a directory above the given paths (a clone in /root, say) it keeps one capability, to pass directories.
 * @throws Error where no such user can be had
 */
export function unprivilegedCommand(paths: readonly string[]): UnprivilegedCommand {
  if (process.getuid?.() !== 0) return { user: null, prefix: [] };
  const user = existingUser() ?? createdUser();
  if (paths.every(isReachableByOthers)) return { user, prefix: [] };
  return { user, prefix: withDirectoryAccess(user) };
}

function existingUser(): UserIds | null {
  const uid = idOf('-u');
  const gid = idOf('-g');
  return uid === null || gid === null ? null : { uid, gid };
}

function idOf(option: '-u' | '-g'): number | null {
  const { status, stdout } = run('id', [option, USER_NAME]);
  return status === 0 ? Number.parseInt(stdout, 10) : null;
}

function createdUser(): UserIds {
  run('groupadd', ['--system', USER_NAME]);
  const { stderr } = run('useradd', ['--system', '--gid', USER_NAME, '--no-create-home', USER_NAME]);
  const user = existingUser();
  if (user === null) {
    throw new Error(
      `Postgres does not run as root, and no user "${USER_NAME}" could be made (${stderr.trim()}): start Posthorn as ` +
        `another user, or set DATABASE_URL`,
    );
  }
  return user;
}

function isReachableByOthers(path: string): boolean {
  const directory = dirname(resolve(path));
  const passable = ((statSync(directory, { throwIfNoEntry: false })?.mode ?? 1) & 0o001) !== 0;
  return passable && (directory === dirname(directory) || isReachableByOthers(directory));
}

function withDirectoryAccess({ uid, gid }: UserIds): readonly string[] {
  const prefix = [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    // Without this bit access(2) ignores the capability, and initdb looks for its sibling programs by access(2).
    '--securebits=+no_setuid_fixup',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
    '--',
  ];
  const { status } = run('setpriv', [...prefix.slice(1), 'true']);
  if (status !== 0) {
    throw new Error(
      `The user "${USER_NAME}", as whom Postgres runs, cannot reach this directory: move the clone and ` +
        `POSTHORN_DATA_DIR to where others may pass, start Posthorn as another user, or set DATABASE_URL`,
    );
  }
  return prefix;
}

function run(
  command: string,
  args: readonly string[],
): { status: number | null; stdout: string; stderr: string } {
  const result = spawnSync(command, args, { encoding: 'utf8', env: { PATH: SYSTEM_PATH } });
  return { status: result.status, stdout: result.stdout ?? '', stderr: result.stderr ?? '' };
}
