import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** A file of the console as it is served; the compressed forms were made at build. */
export interface ConsoleFile {
  readonly type: string;
  readonly plain: Buffer;
  readonly brotli: Buffer | null;
  readonly gzip: Buffer | null;
}

/** The built console: its page, and what the page loads, by name. */
export interface ConsoleFiles {
  readonly page: string;
  readonly assets: ReadonlyMap<string, ConsoleFile>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const PAGE = 'index.html';
const ASSETS = 'assets';

/** Reads what the build made; null where nothing was built. */
export async function readConsole(directory: string): Promise<ConsoleFiles | null> {
  const page = await readFile(join(directory, PAGE), 'utf8').catch(() => null);
  if (page === null) return null;
  const folder = join(directory, ASSETS);
  const names = await readdir(folder);
  const wanted = names.filter((name) => extname(name) in TYPES);
  const read = async (name: string): Promise<Buffer | null> =>
    names.includes(name) ? await readFile(join(folder, name)) : null;
  const entries = wanted.map(async (name): Promise<[string, ConsoleFile]> => {
    const file = {
      type: TYPES[extname(name)] ?? '',
      plain: await readFile(join(folder, name)),
      brotli: await read(`${name}.br`),
      gzip: await read(`${name}.gz`),
    };
    return [name, file];
  });
  return { page, assets: new Map(await Promise.all(entries)) };
}
