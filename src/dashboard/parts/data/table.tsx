import type { ReactNode } from 'react';
import css from './table.module.css';

/** A column of a table: what it is called, and what stands in it for a row. */
export interface Column<T> {
  readonly key: string;
  readonly head: ReactNode;
  readonly cell: (row: T) => ReactNode;
  /** Numbers stand right. */
  readonly align?: 'right';
  readonly look?: 'soft' | 'grow';
  /** `main` holds the link that the whole row is; on a phone `aside` stands right and `hidden` is left out. */
  readonly place?: 'main' | 'aside' | 'hidden';
}

interface TableProps<T> {
  /** Said of the table to those who do not see it. */
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  /** Whether the rows are older than they should be. */
  readonly isStale?: boolean;
}

/** A list as a table; on a phone each row takes two lines. */
export function Table<T>({ label, columns, rows, keyOf, isStale = false }: TableProps<T>) {
  return (
    <section className={css.frame} aria-label={label} tabIndex={0}>
      <table className={isStale ? `${css.table} ${css.stale}` : css.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" className={classOf(column)}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className={css.row}>
              {columns.map((column) => (
                <td key={column.key} className={classOf(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function classOf<T>({ align, look, place }: Column<T>): string {
  return [align, look, place]
    .map((name) => (name === undefined ? undefined : css[name]))
    .filter(Boolean)
    .join(' ');
}

/** What lies above the link of its row, so that it can be pressed by itself. */
export function Above({ children }: { readonly children: ReactNode }) {
  return <span className={css.above}>{children}</span>;
}
