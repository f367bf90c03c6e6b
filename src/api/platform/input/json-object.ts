/** Whether a parsed JSON value is an object (no array, not null). */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether the body of a bulk action asks only what it would do. */
export function isPreview(body: unknown): boolean {
  return isPlainObject(body) && body.dry_run === true;
}
