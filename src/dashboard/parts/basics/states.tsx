import type { ReactNode } from 'react';
import { asProblem } from '../../data/problem.ts';
import type { Fetched } from '../../data/use-query.ts';
import { Button } from './button.tsx';
import css from './states.module.css';
import { clockText } from './time.tsx';

const ROWS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

/** The shape of what is being fetched; not shown at all where that takes a moment only. */
export function Skeleton({ rows = 8 }: { readonly rows?: number }) {
  return (
    <div className={css.skeleton} role="status" aria-label="Loading">
      {ROWS.slice(0, rows).map((row) => (
        <span key={row} />
      ))}
    </div>
  );
}

interface EmptyProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** Why there is nothing, and what to do about it. */
export function Empty({ title, children, actions }: EmptyProps) {
  return (
    <div className={css.box}>
      <h2>{title}</h2>
      {children}
      {actions === undefined ? null : <div className={css.actions}>{actions}</div>}
    </div>
  );
}

interface NoMatchProps {
  readonly what: string;
  readonly onClear: () => void;
}

/** A filter that selects nothing. */
export function NoMatch({ what, onClear }: NoMatchProps) {
  return (
    <Empty
      title={`No ${what} match the filter`}
      actions={<Button onClick={onClear}>Clear the filter</Button>}
    >
      <p>Widen the range or take a filter away.</p>
    </Empty>
  );
}

interface FailedProps {
  readonly error: unknown;
  readonly onRetry: () => void;
  /** When what is still shown was fetched; null where nothing is. */
  readonly shownSince?: number | null;
}

/** What went wrong, in the words of the API; what was fetched before stays below. */
export function Failed({ error, onRetry, shownSince = null }: FailedProps) {
  const problem = asProblem(error);
  return (
    <div className={css.strip} role="alert">
      <strong>{problem.title}</strong>
      <span>{problem.message}</span>
      {shownSince === null ? null : <span>Shown as of {clockText(shownSince)}.</span>}
      {problem.requestId === null ? null : <code>{problem.requestId}</code>}
      <Button small onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}

interface FetchingProps {
  readonly query: Pick<Fetched<unknown>, 'data' | 'error' | 'dataUpdatedAt' | 'refetch'>;
  /** Of the skeleton. */
  readonly rows?: number;
}

/** What stands above what was fetched where that failed, and in its place while it is on its way. */
export function Fetching({ query: { data, error, dataUpdatedAt, refetch }, rows }: FetchingProps) {
  if (error !== null) {
    const shownSince = data === undefined ? null : dataUpdatedAt;
    return <Failed error={error} onRetry={() => void refetch()} shownSince={shownSince} />;
  }
  return data === undefined ? <Skeleton {...(rows === undefined ? {} : { rows })} /> : null;
}
