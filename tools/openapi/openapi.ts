import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiFiles } from './openapi-files.ts';

const DIRECTORY = 'clients';

mkdirSync(DIRECTORY, { recursive: true });
for (const [name, text] of await openApiFiles()) writeFileSync(join(DIRECTORY, name), text);
