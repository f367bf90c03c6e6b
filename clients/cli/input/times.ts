import { InvalidArgumentError } from 'commander';

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** A duration such as `90s` or `24h`, in milliseconds. @throws InvalidArgumentError */
export function durationMs(text: string): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/.exec(text) ?? [];
  if (amount === '') throw new InvalidArgumentError('A duration looks like 500ms, 90s, 10m, 24h, 7d or 2w.');
  return Number(amount) * (UNITS[unit] ?? 1);
}

/** A time as the API takes it: RFC 3339, or so long ago (`24h`). @throws InvalidArgumentError */
export function pastTime(text: string): string {
  return timeOf(text, -1);
}

/** A time as the API takes it: RFC 3339, or so far ahead (`2h`). @throws InvalidArgumentError */
export function futureTime(text: string): string {
  return timeOf(text, 1);
}

function timeOf(text: string, direction: 1 | -1): string {
  if (/^\d{4}-\d{2}-\d{2}T/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  if (!/^\d+(?:\.\d+)?[a-z]+$/.test(text))
    throw new InvalidArgumentError(
      'A time is RFC 3339, such as 2030-01-31T09:00:00Z, or a duration such as 24h.',
    );
  return new Date(Date.now() + direction * durationMs(text)).toISOString();
}
