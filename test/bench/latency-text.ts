import type { Distribution } from './distribution.ts';
import type { LatencyReport } from './latency.ts';
import { tableOf } from './table.ts';

/** The report for people: figures first, then where the time went, then the conditions. */
export function latencyText(report: LatencyReport): string {
  const { counts, conditions } = report;
  return [
    tableOf([
      ['milliseconds', 'p50', 'p90', 'p99', 'max'],
      row('publish → receipt', report.publish_to_receipt_ms),
      row('publish → answer', report.publish_answer_ms),
    ]),
    tableOf([
      ['of which', 'p50', 'p90', 'p99', 'max'],
      ...report.phases_ms.map((phase) => row(`  ${phase.phase}`, phase)),
    ]),
    tableOf(Object.entries(counts).map(([name, value]) => [name, String(value)])),
    ...Object.entries(conditions).map(([name, value]) => `${name.replaceAll('_', ' ')}: ${value}`),
    `publisher late at worst: ${report.publisher_lag_ms.toFixed(1)} ms`,
    '',
  ].join('\n');
}

function row(name: string, spread: Distribution | null): string[] {
  if (spread === null) return [name, '-', '-', '-', '-'];
  return [name, ...[spread.p50, spread.p90, spread.p99, spread.max].map((value) => value.toFixed(1))];
}
