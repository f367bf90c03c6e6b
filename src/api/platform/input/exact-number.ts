/** At most 15 digits, with or without a point: every such decimal survives a 64-bit float (IEEE 754, `DBL_DIG`). */
const SHORT = /^-?(?:\d{1,15}|(?=\d+\.)[\d.]{3,16})$/;
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** Whether a JSON number keeps its value when it is read as a 64-bit float and written again (`1.0` and `1e2` do). */
export function isExactNumber(text: string): boolean {
  if (SHORT.test(text)) return true;
  const value = Number(text);
  const written = Object.is(value, -0) ? '-0' : String(value);
  if (written === text) return true;
  return Number.isFinite(value) && canonicalNumber(text) === canonicalNumber(written);
}

/**
 * One spelling for all JSON numbers of the same value: digits without outer zeros, and the power of ten of the last
 * one.
 */
export function canonicalNumber(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  const digits = whole + fraction;
  let start = 0;
  while (digits[start] === '0') start += 1;
  let end = digits.length;
  while (end > start && digits[end - 1] === '0') end -= 1;
  if (start === end) return `${sign}0`;
  return `${sign}${digits.slice(start, end)}e${BigInt(exponent) + BigInt(digits.length - end - fraction.length)}`;
}
