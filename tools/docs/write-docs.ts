import { readFileSync, writeFileSync } from 'node:fs';
import { describeCli } from './describe-cli.ts';
import { docTables } from './doc-tables.ts';
import { withTable } from './table-text.ts';

/** Run by `npm run docs` from the root: writes the pages and tables that are made from the code. */
writeFileSync('docs/cli.md', describeCli());
for (const table of docTables()) {
  const text = readFileSync(table.page, 'utf8');
  writeFileSync(table.page, withTable(text, table));
}
