/** A table of a page that is made from the code: it stands behind the marker `<!-- table:name -->`. */
export interface DocTable {
  readonly page: string;
  readonly marker: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * A page with this table in the place of the one that it has.
 * @throws where the page has no such marker
 */
export function withTable(text: string, table: DocTable): string {
  const mark = `<!-- table:${table.marker} -->\n`;
  const [before, behind, ...more] = text.split(mark);
  if (behind === undefined || more.length > 0)
    throw new Error(`${table.page} must have the marker of the table ${table.marker} once`);
  return `${before}${mark}${tableText(table)}${behind.replace(/^(?:\|.*\n)*/, '')}`;
}

/** The table as Markdown. */
export function tableText({ head, rows }: Pick<DocTable, 'head' | 'rows'>): string {
  const lines = [head, head.map(() => '---'), ...rows.map((cells) => cells.map(escaped))];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** A text as code. */
export function code(text: string): string {
  return `\`${text}\``;
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
