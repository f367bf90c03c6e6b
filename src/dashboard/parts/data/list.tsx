import type { ReactNode } from 'react';
import type { ListState } from '../../data/use-list.ts';
import { Button } from '../basics/button.tsx';
import { Icon } from '../basics/icon.tsx';
import { Failed, NoMatch, Skeleton } from '../basics/states.tsx';
import { HeldRows } from './held-rows.tsx';
import css from './list.module.css';
import { type Column, type Selecting, Table } from './table.tsx';

interface ListProps<T> {
  readonly label: string;
  /** What one row is, and several are: `delivery`, `deliveries`. */
  readonly what: readonly [one: string, several: string];
  readonly list: ListState<T>;
  readonly columns: readonly Column<T>[];
  /** What stands there where nothing exists at all. */
  readonly empty: ReactNode;
  /** Where a filter is set: takes it away. */
  readonly onClear?: (() => void) | undefined;
  /** How many there are in all, where that is counted. */
  readonly total?: string | undefined;
  /** How they are sorted; the newest first where nothing is said. */
  readonly order?: string;
  readonly selecting?: Selecting<T> | undefined;
}

/** A list in its four states: on its way, empty, nothing that matches, and failed, which keeps the last rows. */
export function List<T>({ label, list, columns, empty, onClear, selecting, ...rest }: ListProps<T>) {
  const { items, keyOf, error, isStale, shownSince, refetch } = list;
  return (
    <HeldRows waiting={list.waiting} what={rest.what[1]}>
      {error === null ? null : <Failed error={error} onRetry={refetch} shownSince={shownSince} />}
      {items === undefined && error === null ? <Skeleton /> : null}
      {items?.length === 0 ? (
        onClear === undefined ? (
          empty
        ) : (
          <NoMatch what={rest.what[1]} onClear={onClear} />
        )
      ) : null}
      {items === undefined || items.length === 0 ? null : (
        <>
          <Table
            label={label}
            columns={columns}
            rows={items}
            keyOf={keyOf}
            isStale={isStale}
            selecting={selecting}
          />
          <Pages list={list} {...rest} />
        </>
      )}
    </HeldRows>
  );
}

interface PagesProps<T> extends Pick<ListProps<T>, 'list' | 'what' | 'total' | 'order'> {}

function Pages<T>({ list, what: [one, several], total, order = 'newest first' }: PagesProps<T>) {
  const { items = [], pageNumber, next, back } = list;
  return (
    <nav className={css.foot} aria-label={`Pages of ${several}`}>
      <span>
        {items.length} {items.length === 1 ? one : several}
        {next === undefined && back === undefined ? '' : ` on page ${pageNumber}`}
        {total === undefined ? '' : ` of ${total}`}, {order}
      </span>
      {next === undefined && back === undefined ? null : (
        <span className={css.pages}>
          <Button
            small
            icon="back"
            onClick={back}
            refusal={back === undefined ? 'This is the first page' : null}
          >
            Newer
          </Button>
          <Button
            small
            icon="next"
            onClick={next}
            refusal={next === undefined ? 'This is the last page' : null}
          >
            Older
          </Button>
        </span>
      )}
    </nav>
  );
}

/** What is above a list: views, filters, and the filters that are set. */
export function FilterBar({ children }: { readonly children: ReactNode }) {
  return (
    <search className={css.filters} aria-label="Filter">
      {children}
    </search>
  );
}

interface FilterSelectProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly choices: readonly { readonly value: string; readonly text: string }[];
  readonly onChange: (value: string | undefined) => void;
}

/** One of several values of a filter, or any. */
export function FilterSelect({ label, value, choices, onChange }: FilterSelectProps) {
  return (
    <select
      className={css.select}
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value || undefined)}
    >
      <option value="">{label}: any</option>
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.text}
        </option>
      ))}
    </select>
  );
}

interface FilterTextProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** A value of a filter that is typed, and counts from Enter or the next field on. */
export function FilterText({ label, value, onChange }: FilterTextProps) {
  const take = (text: string) => {
    const trimmed = text.trim();
    if (trimmed !== (value ?? '')) onChange(trimmed || undefined);
  };
  return (
    <input
      key={value ?? ''}
      className={css.input}
      type="search"
      aria-label={label}
      placeholder={label}
      defaultValue={value ?? ''}
      spellCheck={false}
      onBlur={(event) => take(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take(event.currentTarget.value);
      }}
    />
  );
}

/** A filter that is set, with a button that takes it away. */
export function FilterChip({
  name,
  value,
  onRemove,
}: {
  readonly name: string;
  readonly value: string;
  readonly onRemove: () => void;
}) {
  return (
    <span className={css.chip}>
      <span title={value}>
        {name}: {value}
      </span>
      <button type="button" aria-label={`Remove the filter ${name}`} onClick={onRemove}>
        <Icon name="cross" size={12} />
      </button>
    </span>
  );
}

/** The views that everybody wants, as links. */
export function Views({ children }: { readonly children: ReactNode }) {
  return (
    <nav className={css.views} aria-label="Views">
      {children}
    </nav>
  );
}

export const viewClass = css.view ?? '';
