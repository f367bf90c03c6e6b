import type { ReactNode } from 'react';
import css from './bars.module.css';

interface BarRow {
  readonly name: string;
  readonly count: number;
  readonly title?: string;
  /** Where the name leads, as the name itself. */
  readonly link?: ReactNode;
}

/** Counts beside each other, each with its number: the bar is for the eye, the number counts. */
export function Bars({
  rows,
  empty = 'None.',
}: {
  readonly rows: readonly BarRow[];
  readonly empty?: string;
}) {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  if (rows.length === 0) return <p className={css.none}>{empty}</p>;
  return (
    <ul className={css.bars}>
      {rows.map(({ name, count, title, link }) => (
        <li key={name} className={css.bar} title={title}>
          <span className={css.name}>{link ?? name}</span>
          <span className={css.track} aria-hidden="true">
            <span className={css.fill} style={{ width: `${(count / most) * 100}%` }} />
          </span>
          <span className={css.count}>{count.toLocaleString()}</span>
        </li>
      ))}
    </ul>
  );
}
