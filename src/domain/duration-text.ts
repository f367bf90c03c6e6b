const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** A duration for people, in its two largest units: `800 ms`, `60 s`, `59 min 58 s`, `2 h`. */
export function durationText(durationMs: number): string {
  const ms = Math.round(durationMs);
  if (ms < 1_000) return `${ms} ms`;
  const seconds = Math.round(ms / 1_000) * 1_000;
  if (seconds < 120_000) return `${seconds / 1_000} s`;
  const first = UNITS.findIndex(([, size]) => seconds >= size);
  const [largest, next] = [UNITS[first], UNITS[first + 1]];
  if (largest === undefined) return `${seconds / 1_000} s`;
  const count = Math.floor(seconds / largest[1]);
  const rest = next === undefined ? 0 : Math.floor((seconds % largest[1]) / next[1]);
  return rest === 0 || next === undefined
    ? `${count} ${largest[0]}`
    : `${count} ${largest[0]} ${rest} ${next[0]}`;
}
