import type { ReactNode } from 'react';
import css from './table.module.css';

/** A column of a table: what it is called, and what stands in it for a row. */
export interface Column<T> {
  readonly key: string;
  readonly head: ReactNode;
  /** Null where there is nothing to show: a dash then, and where there is little room not even that. */
  readonly cell: (row: T) => ReactNode;
  /** Numbers stand right. */
  readonly align?: 'right';
  readonly look?: 'soft' | 'grow';
  /** `main` holds the link that the whole row is; on a phone `aside` stands right and `hidden` is left out. */
  readonly place?: 'main' | 'aside' | 'hidden';
}

/** Rows that somebody chose, by their keys. */
export interface Selecting<T> {
  readonly keys: ReadonlySet<string>;
  readonly onChange: (keys: ReadonlySet<string>) => void;
  /** What a row is called for those who do not see it. */
  readonly nameOf: (row: T) => string;
}

interface TableProps<T> {
  /** Said of the table to those who do not see it. */
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  /** Whether the rows are older than they should be. */
  readonly isStale?: boolean;
  /** Where rows can be chosen. */
  readonly selecting?: Selecting<T> | undefined;
}

/** A list as a table; where there is little room, as on a phone, each row takes two lines. */
export function Table<T>({ label, columns, rows, keyOf, isStale = false, selecting }: TableProps<T>) {
  return (
    <section className={css.frame} aria-label={label} tabIndex={0}>
      <table className={isStale ? `${css.table} ${css.stale}` : css.table}>
        <thead>
          <tr>
            {selecting === undefined ? null : (
              <th scope="col" className={css.check}>
                <SelectAll rowKeys={rows.map(keyOf)} selecting={selecting} />
              </th>
            )}
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
              {selecting === undefined ? null : (
                <td className={css.check}>
                  <SelectRow name={selecting.nameOf(row)} rowKey={keyOf(row)} selecting={selecting} />
                </td>
              )}
              {columns.map((column) => (
                <Cell key={column.key} className={classOf(column)} content={column.cell(row)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Cell({ className, content }: { readonly className: string; readonly content: ReactNode }) {
  if (content === null) return <td className={`${className} ${css.nothing}`}>–</td>;
  return <td className={className}>{content}</td>;
}

function SelectAll<T>({
  rowKeys,
  selecting: { keys, onChange },
}: {
  readonly rowKeys: readonly string[];
  readonly selecting: Selecting<T>;
}) {
  const areAll = rowKeys.every((key) => keys.has(key));
  const others = [...keys].filter((key) => !rowKeys.includes(key));
  return (
    <input
      type="checkbox"
      aria-label="Select the rows of this page"
      checked={areAll}
      onChange={() => onChange(new Set(areAll ? others : [...others, ...rowKeys]))}
    />
  );
}

interface SelectRowProps<T> {
  readonly name: string;
  readonly rowKey: string;
  readonly selecting: Selecting<T>;
}

function SelectRow<T>({ name, rowKey, selecting: { keys, onChange } }: SelectRowProps<T>) {
  const isChosen = keys.has(rowKey);
  const others = [...keys].filter((key) => key !== rowKey);
  return (
    <input
      type="checkbox"
      aria-label={`Select ${name}`}
      checked={isChosen}
      onChange={() => onChange(new Set(isChosen ? others : [...others, rowKey]))}
    />
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
