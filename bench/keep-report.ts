import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where figures are kept, one file a run, so that later ones can be held against them. */
const HISTORY = join('docs', 'performance', 'history');

/** Keeps a report as JSON under the moment of its run, with whatever it was called with. @returns the file */
export function keepReport(name: string, json: string, { now = new Date() } = {}): string {
  mkdirSync(HISTORY, { recursive: true });
  const moment = now.toISOString().slice(0, 19).replaceAll(':', '');
  const file = join(HISTORY, `${moment}-${name}.json`);
  writeFileSync(file, json);
  return file;
}
