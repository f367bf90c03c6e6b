import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { heldPage, type News } from './held-page.ts';
import type { Fetched } from './use-query.ts';

interface HeldOptions<T, P> {
  /** The name of the list and its filters: nothing of another is held. */
  readonly name: string;
  /** The page as the API has it now, fetched again and again. */
  readonly newest: Fetched<P>;
  readonly keyOf: (row: T) => string;
  /** Whether another page is being read. */
  readonly isAway?: boolean;
}

/** What waits while somebody reads. */
export interface Waiting {
  /** Null where nothing does. */
  readonly news: News | null;
  /** Shows it, and goes to where it begins. */
  readonly show: () => void;
  /** Where the rows stand. */
  readonly frame: RefObject<HTMLDivElement | null>;
}

/** A page of which nothing moves under the eyes of whoever reads it. */
interface Held<P> {
  readonly page: P | undefined;
  readonly waiting: Waiting;
}

interface Reading<P> {
  readonly name: string;
  readonly shown: P;
  readonly shownSince: number;
  readonly newest: P;
}

let changedAt = 0;

/** Says that somebody changed something here: of what comes of that nothing waits. */
export function noteOwnChange(): void {
  changedAt = Date.now();
}

/**
 * Holds a page while it is read: somebody has scrolled, has the pointer or the focus on a row, or reads another page.
 * Rows are kept up to date in their places; those that come or go wait until they are asked for, or nobody reads.
 */
export function useHeld<T, P extends { readonly items: readonly T[] }>(options: HeldOptions<T, P>): Held<P> {
  const { name, newest, keyOf, isAway = false } = options;
  const frame = useRef<HTMLDivElement>(null);
  const [reading, setReading] = useState<Reading<P> | null>(null);
  const { data, dataUpdatedAt: at, isPlaceholderData } = newest;
  useLayoutEffect(() => {
    if (data === undefined || isPlaceholderData) return;
    const isRead = isAway || isBeingRead(frame.current);
    setReading((before) =>
      isRead && before?.name === name && holds(before, at)
        ? { ...before, newest: data }
        : { name, shown: data, shownSince: at, newest: data },
    );
  }, [name, data, at, isPlaceholderData, isAway]);
  const show = () => {
    if (data !== undefined) setReading({ name, shown: data, shownSince: at, newest: data });
    scrollTo({ top: 0 });
    frame.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
  };
  const held = reading?.name === name ? heldPage({ ...reading, keyOf }) : { page: data, news: null };
  return { page: held.page, waiting: { news: held.news, show, frame } };
}

/** Where there is nothing nothing is read, and whoever changed something wants to see what came of it. */
function holds<T>(
  { shown, shownSince }: Reading<{ readonly items: readonly T[] }>,
  fetchedAt: number,
): boolean {
  const isOfOwnChange = shownSince < changedAt && changedAt <= fetchedAt;
  return shown.items.length > 0 && !isOfOwnChange;
}

function isBeingRead(frame: HTMLElement | null): boolean {
  return scrollY > 0 || frame?.querySelector(':is(tbody, article):is(:hover, :focus-within)') != null;
}
