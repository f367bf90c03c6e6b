/** One condition of a WHERE: SQL that always holds, or SQL with `$` for its value, left out where that is undefined. */
export type Condition = string | readonly [sql: string, value: unknown];

/** Conditions joined by AND, and the values of their parameters. */
export interface SqlCondition {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * Joins what restricts, so that a statement names no member that its filter leaves out; parameters begin with this
 * number.
 */
export function allOf(conditions: readonly Condition[], firstParameter = 1): SqlCondition {
  const values: unknown[] = [];
  const texts: string[] = [];
  for (const condition of conditions) {
    const [sql, value] = typeof condition === 'string' ? [condition, null] : condition;
    if (value === undefined) continue;
    texts.push(sql.replaceAll('$', () => `$${firstParameter + values.length}`));
    if (typeof condition !== 'string') values.push(value);
  }
  return { text: texts.join(' AND ') || 'true', values };
}
