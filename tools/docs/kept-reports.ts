import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Where kept reports lie. */
export const HISTORY = 'docs/performance/history';

const report = z.object({
  benchmark: z.string(),
  conditions: z.object({
    date: z.string(),
    commit: z.string(),
    stage: z.string(),
    cpu: z.string(),
    cores: z.number(),
    load_average_before: z.number(),
    postgres: z.string(),
  }),
  this_against_other: z.array(z.object({ figure: z.string(), this: z.number() })),
});

/** A report of `npm run bench -- … --against … --keep`, of which the figures of this checkout are told. */
export interface KeptReport {
  readonly file: string;
  readonly benchmark: string;
  readonly conditions: z.infer<typeof report>['conditions'];
  /** A figure by the end of its name, such as `delivered_per_second`, or `postgres, us_per_delivery`. */
  readonly figure: (name: string) => number;
}

/** The kept reports of throughput, oldest first. */
export function keptReports(): readonly KeptReport[] {
  const files = readdirSync(HISTORY).filter((name) => name.endsWith('-throughput.json'));
  return files.sort().map((file) => {
    const read = report.parse(JSON.parse(readFileSync(join(HISTORY, file), 'utf8')));
    const figure = (name: string) => {
      const found = read.this_against_other.find((row) => row.figure.endsWith(name));
      if (found === undefined) throw new Error(`${file} has no figure ${name}`);
      return found.this;
    };
    return { file, benchmark: read.benchmark, conditions: read.conditions, figure };
  });
}
