import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join, posix, relative, resolve } from 'node:path';
import { configOf, type ImageConfig, readCopy, readDockerfile, type Stage } from './dockerfile.ts';

/** An image of which the first stage has been made in a directory. */
export interface Image {
  readonly config: ImageConfig;
  /** A program of it, as an engine runs it; needs `mayEnclose`. */
  run(
    words: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): { readonly command: string; readonly args: readonly string[] };
}

const SCRIPT = resolve('tools/image/enclose.sh');
/** What images of Debian's hold of it; this machine's stand in. */
const BASE = ['/usr', '/bin', '/sbin', '/lib', '/lib64', '/etc', '/dev', '/proc'];
/** Where this machine's Node is within, wherever it is without. */
const NODE_DIRECTORY = '/node';

/** Whether this process may make a root of its own: it is root, and its surroundings allow mounts. */
export function mayEnclose(): boolean {
  const isRoot = process.getuid?.() === 0;
  return isRoot && spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'x', '/mnt']).status === 0;
}

/**
 * The image that a Dockerfile describes, its root put together by mounts.
 * @param built where the stage is that the last one copies from @param root an empty directory
 */
export function openImage(dockerfile: string, { built, root }: { built: string; root: string }): Image {
  const stages = readDockerfile(readFileSync(dockerfile, 'utf8'));
  const last = stages.at(-1);
  if (last === undefined) throw new Error(`${dockerfile} makes nothing`);
  const config = configOf(last);
  const mounts = [...baseMounts(), ...copiedMounts({ last, stages, built, directory: config.directory })];
  return {
    config,
    run: (words, environment) => ({
      command: 'unshare',
      args: [
        ...['--mount', SCRIPT, root, config.user, ...mounts, '--'],
        ...['env', '-i', '-C', config.directory, ...settings({ ...config.environment, ...environment })],
        ...words,
      ],
    }),
  };
}

function baseMounts(): readonly string[] {
  const node = [process.execPath, `${NODE_DIRECTORY}/node`];
  return [...BASE.filter((path) => existsSync(path)).flatMap((path) => [path, path]), ...node];
}

interface Copied {
  readonly last: Stage;
  readonly stages: readonly Stage[];
  readonly built: string;
  readonly directory: string;
}

function copiedMounts({ last, stages, built, directory }: Copied): readonly string[] {
  const copies = last.steps.filter(({ keyword }) => keyword === 'COPY').map(({ text }) => readCopy(text));
  return copies.flatMap(({ from, sources, target }) => {
    const stage = stages.find(({ name }) => name === from);
    if (stage === undefined) throw new Error(`there is no stage ${from}`);
    const within = directoryOf(stage);
    return sources.flatMap((source) => {
      const file = join(built, relative(within, source));
      const isInto = target.endsWith('/') && !statSync(file).isDirectory();
      return [file, posix.resolve(directory, target, isInto ? basename(source) : '')];
    });
  });
}

function directoryOf({ steps }: Stage): string {
  return steps.find(({ keyword }) => keyword === 'WORKDIR')?.text ?? '/';
}

function settings(environment: Readonly<Record<string, string>>): readonly string[] {
  const all = { PATH: `${NODE_DIRECTORY}:/usr/local/bin:/usr/bin:/bin`, ...environment };
  return Object.entries(all).map(([name, value]) => `${name}=${value}`);
}
