/** SQL: a parameter or column in milliseconds as an interval. */
export function milliseconds(operand: string): string {
  return `make_interval(secs => ${operand}::float8 / 1000)`;
}
