import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openApiFiles } from './openapi-files.ts';

for (const [name, text] of await openApiFiles()) {
  const path = join('clients', name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
