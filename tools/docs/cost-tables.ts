import { type KeptReport, keptReports } from './kept-reports.ts';
import { code, type DocTable } from './table-text.ts';

/** From where on waves send; below, each delivery has a run of its own, and other costs. */
const RATES = [100, 500, 1_000, 5_000];
const SECONDS_A_DAY = 86_400;
const MICROSECONDS = 1_000_000;
const GIGABYTE = 1_000_000_000;

/** The kept reports, and what the newest of them means for so many deliveries a second. */
export function costTables(): readonly DocTable[] {
  const reports = keptReports();
  const newest = reports.at(-1);
  return newest === undefined ? [] : [keptTable(reports), capacityTable(newest)];
}

function keptTable(reports: readonly KeptReport[]): DocTable {
  return {
    page: 'docs/performance/results.md',
    marker: 'kept-reports',
    head: ['report', 'commit', 'machine', 'delivered a second', 'of raw', 'CPU a delivery', 'WAL a delivery'],
    rows: reports.map(({ file, conditions, figure }) => [
      `[${file.slice(0, 10)}](history/${file})`,
      code(conditions.commit),
      `${conditions.cores} cores, ${conditions.cpu}, load ${conditions.load_average_before}; ` +
        `Postgres ${conditions.postgres}`,
      rounded(figure('delivered_per_second')),
      figure('of_raw').toFixed(2),
      `${costs(figure)
        .map(([name, us]) => `${name} ${(us / 1_000).toFixed(2)}`)
        .join(', ')} ms`,
      `${rounded(figure('wal_bytes_per_delivery'))} B`,
    ]),
  };
}

function capacityTable({ figure }: KeptReport): DocTable {
  const perDelivery = costs(figure);
  return {
    page: 'docs/operate/capacity.md',
    marker: 'capacity',
    head: [
      'deliveries a second',
      ...perDelivery.map(([name]) => `cores of ${name}`),
      'WAL a day',
      'deliveries a day',
    ],
    rows: RATES.map((rate) => [
      rounded(rate),
      ...perDelivery.map(([, us]) => ((rate * us) / MICROSECONDS).toFixed(2)),
      `${rounded((rate * figure('wal_bytes_per_delivery') * SECONDS_A_DAY) / GIGABYTE)} GB`,
      rounded(rate * SECONDS_A_DAY),
    ]),
  };
}

function costs(figure: KeptReport['figure']): readonly (readonly [name: string, microseconds: number])[] {
  return [
    ['API', figure('api, us_per_delivery')],
    ['worker', figure('worker 1, us_per_delivery')],
    ['Postgres', figure('postgres, us_per_delivery')],
    ['Temporal', figure('temporal, us_per_delivery')],
  ];
}

function rounded(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
