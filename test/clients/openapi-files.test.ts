import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { lintDocument } from '../../tools/openapi/lint-document.ts';
import { openApiFiles } from '../../tools/openapi/openapi-files.ts';

let files: ReadonlyMap<string, string>;
beforeAll(async () => {
  files = await openApiFiles();
});

describe('clients/', () => {
  it.each(['openapi.json', 'openapi-3.0.json', 'typescript/schema.ts'])(
    'has %s as `npm run openapi` writes it',
    (name) => {
      const isFresh = readFileSync(join('clients', name), 'utf8') === files.get(name);
      expect({ name, isFresh }).toEqual({ name, isFresh: true });
    },
  );

  it.each(['openapi.json', 'openapi-3.0.json'])('has nothing in %s that redocly warns of', async (name) => {
    expect(await lintDocument(files.get(name) ?? '', name)).toEqual([]);
  });
});
