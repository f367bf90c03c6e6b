/** A key as the API answers it; `key` only where its text is new. */
export interface KeyAnswer {
  readonly id: string;
  readonly customer_id: string | null;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly allowed_cidrs: readonly string[];
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
  readonly revoked_at: string | null;
  readonly key?: string;
}

/** One line a key, columns separated by blanks. */
export function tableOfKeys(keys: readonly KeyAnswer[]): string {
  const head = ['id', 'customer', 'name', 'scopes', 'from', 'expires', 'last used', 'state'];
  const rows = [head, ...keys.map(cellsOf)];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lineOf = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
  return rows.map((row) => `${lineOf(row).join('  ').trimEnd()}\n`).join('');
}

/** What to tell of a key whose text is new: the text alone on the first line, for scripts. */
export function announceKey(key: KeyAnswer): string {
  return `${key.key}\n\nThis is the only time that the key is shown.\n\n${tableOfKeys([key])}`;
}

function cellsOf(key: KeyAnswer): readonly string[] {
  return [
    key.id,
    key.customer_id ?? '(operator)',
    key.name === '' ? '-' : printable(key.name),
    key.scopes.join(','),
    key.allowed_cidrs.join(',') || 'anywhere',
    key.expires_at ?? 'never',
    key.last_used_at ?? 'never',
    key.revoked_at === null ? 'live' : 'revoked',
  ];
}

/** Names are other people's texts: no control characters reach the terminal. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\u{fffd}');
}
