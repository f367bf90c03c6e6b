import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { HISTORY } from './kept-reports.ts';
import type { DocTable } from './table-text.ts';

const report = z.object({
  actions: z.array(
    z.object({
      what: z.string(),
      deliveries: z.number(),
      actions: z.number(),
      a_delivery: z.number().nullable(),
      kinds: z.string(),
    }),
  ),
});

/** What the newest kept report of `npm run bench -- actions` says. */
export function actionTables(): readonly DocTable[] {
  const newest = readdirSync(HISTORY)
    .filter((name) => name.endsWith('-actions.json'))
    .sort()
    .at(-1);
  if (newest === undefined) return [];
  const { actions } = report.parse(JSON.parse(readFileSync(join(HISTORY, newest), 'utf8')));
  return [
    {
      page: 'docs/operate/temporal.md',
      marker: 'actions',
      head: ['what', 'deliveries', 'actions', 'a delivery', 'of which'],
      rows: actions.map(({ what, deliveries, actions: count, a_delivery: each, kinds }) => [
        what,
        deliveries.toLocaleString('en-US'),
        String(count),
        each === null ? '' : String(Number(each.toFixed(3))),
        kinds,
      ]),
    },
  ];
}
