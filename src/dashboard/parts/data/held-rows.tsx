import type { ReactNode } from 'react';
import type { News } from '../../data/held-page.ts';
import type { Waiting } from '../../data/use-held.ts';
import { Said } from '../basics/said.tsx';
import css from './held-rows.module.css';

interface Props {
  readonly waiting: Waiting;
  /** What several rows are: `deliveries`. */
  readonly what: string;
  readonly children: ReactNode;
}

/** Rows that stay where they are while somebody reads them, under a button that shows what came meanwhile. */
export function HeldRows({ waiting: { news, show, frame }, what, children }: Props) {
  return (
    <div className={css.rows} ref={frame}>
      <NewsChip news={news} what={what} onShow={show} />
      {children}
    </div>
  );
}

interface ChipProps {
  readonly news: News | null;
  readonly what: string;
  readonly onShow: () => void;
}

/** Says how many rows wait, and shows them; it takes no room, so that nothing moves when it comes. */
export function NewsChip({ news, what, onShow }: ChipProps) {
  return (
    <div className={css.place}>
      <Said role="status">{news === null ? '' : `There are new ${what}.`}</Said>
      {news === null ? null : (
        <button type="button" className={css.chip} data-key="n" title="Show (n)" onClick={onShow}>
          {newsText(news)}
        </button>
      )}
    </div>
  );
}

function newsText({ came, isCapped, gone }: News): string {
  const parts = [
    came === 0 ? '' : `${came.toLocaleString()}${isCapped ? ' or more' : ''} new`,
    gone === 0 ? '' : `${gone.toLocaleString()} gone`,
  ];
  return `${parts.filter(Boolean).join(', ')} · show`;
}
