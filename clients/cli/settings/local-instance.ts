import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Io } from '../io.ts';
import type { Profile } from './config-file.ts';

/**
 * The Posthorn that `npm start` runs from here: of POSTHORN_DATA_DIR, or of `.posthorn` in this directory or one above.
 */
export function findLocalInstance({
  environment,
  directory,
}: Pick<Io, 'environment' | 'directory'>): Profile | null {
  const named = environment.POSTHORN_DATA_DIR;
  const places = named
    ? [resolve(directory, named)]
    : ancestorsOf(directory).map((one) => join(one, '.posthorn'));
  for (const place of places) {
    const url = urlIn(join(place, 'instance.json'));
    const key = textIn(join(place, 'admin-key'));
    if (url !== null && key !== null) return { url, key };
  }
  return null;
}

function ancestorsOf(directory: string): readonly string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...ancestorsOf(parent)];
}

function urlIn(file: string): string | null {
  try {
    const { url } = JSON.parse(textIn(file) ?? '{}') as { readonly url?: unknown };
    return typeof url === 'string' && URL.canParse(url) ? url : null;
  } catch {
    return null;
  }
}

function textIn(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}
