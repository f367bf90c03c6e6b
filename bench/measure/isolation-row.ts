import { distributionOf } from './distribution.ts';
import { answerMs, type LedgerEntry, receiptMs } from './ledger.ts';

/** How a healthy customer fared over some time, in milliseconds from publish to receipt. */
export interface Fared {
  readonly events: number;
  readonly p50: number | null;
  readonly p99: number | null;
  /** The longest of the median and of the maximum of one second, by when the events were published. */
  readonly worst_second_p50: number | null;
  readonly worst_second: number | null;
  readonly publish_p99: number | null;
  readonly refused: number;
  readonly lost: number;
  readonly duplicates: number;
}

const WINDOW_MS = 1_000;

/** How a customer fared with what was published before that moment, and from then on. */
export function faredAround(entries: readonly LedgerEntry[], moment: number): readonly [Fared, Fared] {
  return [
    fared(entries.filter(({ begunAt }) => begunAt < moment)),
    fared(entries.filter(({ begunAt }) => begunAt >= moment)),
  ];
}

/** Sums up the events of one healthy customer, also second by second. */
function fared(entries: readonly LedgerEntry[]): Fared {
  const all = distributionOf(entries.flatMap(receiptMs));
  const seconds = bySecond(entries).flatMap((second) => distributionOf(second.flatMap(receiptMs)) ?? []);
  return {
    events: entries.length,
    p50: all?.p50 ?? null,
    p99: all?.p99 ?? null,
    worst_second_p50: distributionOf(seconds.map(({ p50 }) => p50))?.max ?? null,
    worst_second: distributionOf(seconds.map(({ max }) => max))?.max ?? null,
    publish_p99: distributionOf(entries.flatMap(answerMs))?.p99 ?? null,
    refused: entries.filter(({ acknowledged }) => !acknowledged).length,
    lost: entries.filter(({ acknowledged, arrivals }) => acknowledged && arrivals.length === 0).length,
    duplicates: entries.reduce((sum, { arrivals }) => sum + Math.max(0, arrivals.length - 1), 0),
  };
}

/** A second in which a customer waited for long: when it was, and for what. */
export interface SlowSecond {
  /** Seconds since the fault began. */
  readonly second: number;
  readonly events: number;
  readonly p50: number;
  readonly max: number;
  readonly publish_p50: number | null;
}

const SLOWEST = 5;

/** The slowest seconds, by when the events were published, in the order of time. */
export function slowestSeconds(
  entries: readonly LedgerEntry[],
  { faultAt }: { readonly faultAt: number },
): readonly SlowSecond[] {
  return bySecond(entries)
    .flatMap((second) => {
      const receipts = distributionOf(second.flatMap(receiptMs));
      const [first] = second;
      if (receipts === null || first === undefined) return [];
      return [
        {
          second: Math.floor((first.begunAt - faultAt) / WINDOW_MS),
          events: second.length,
          p50: receipts.p50,
          max: receipts.max,
          publish_p50: distributionOf(second.flatMap(answerMs))?.p50 ?? null,
        },
      ];
    })
    .sort((one, other) => other.max - one.max)
    .slice(0, SLOWEST)
    .sort((one, other) => one.second - other.second);
}

/** What broke the promise that others' troubles are not this customer's; none where it was kept. */
export function flawsOf(stage: string, { before, during }: Record<'before' | 'during', Fared>): string[] {
  const { p50, p99, worst_second, refused, lost, duplicates } = during;
  const isOver = (value: number | null, than: number | null, factor: number): boolean =>
    value !== null && than !== null && value > than * factor;
  return [
    ...(isOver(p50, before.p50, P50_ALLOWED)
      ? [`${stage}: p50 ${factorText(p50, before.p50)} times before`]
      : []),
    ...(isOver(p99, before.p99, P99_ALLOWED)
      ? [`${stage}: p99 ${factorText(p99, before.p99)} times before`]
      : []),
    ...(isOver(worst_second, WORST_ALLOWED_MS, 1)
      ? [`${stage}: ${worst_second?.toFixed(0)} ms in one second`]
      : []),
    ...(refused + lost + duplicates > 0
      ? [`${stage}: ${lost} lost, ${duplicates} came twice, ${refused} not accepted`]
      : []),
  ];
}

const P50_ALLOWED = 1.3;
const P99_ALLOWED = 2;
const WORST_ALLOWED_MS = 500;

function factorText(value: number | null, than: number | null): string {
  return value === null || than === null ? '?' : (value / than).toFixed(1);
}

function bySecond(entries: readonly LedgerEntry[]): readonly (readonly LedgerEntry[])[] {
  const seconds = new Map<number, LedgerEntry[]>();
  for (const entry of entries) {
    const second = Math.floor(entry.begunAt / WINDOW_MS);
    const known = seconds.get(second);
    if (known === undefined) seconds.set(second, [entry]);
    else known.push(entry);
  }
  return [...seconds.values()];
}
