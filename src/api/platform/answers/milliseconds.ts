/** A duration as it is answered: in milliseconds, to the microsecond; the rest of a float's digits is noise. */
export function showMilliseconds<T extends number | null>(value: T): T {
  return (value === null ? null : Math.round(value * 1000) / 1000) as T;
}
