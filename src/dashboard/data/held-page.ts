/** Rows in the order in which a page shows them. */
interface PageOfRows<T> {
  readonly items: readonly T[];
}

/** What came to a page and went from it while somebody read it. */
export interface News {
  readonly came: number;
  /** Whether so many came that nobody knows where they begin. */
  readonly isCapped: boolean;
  readonly gone: number;
}

/** A page as somebody reads it, and what would change in it. */
interface HeldPage<P> {
  readonly page: P;
  /** Null where nothing would. */
  readonly news: News | null;
}

interface Hold<T, P extends PageOfRows<T>> {
  /** As it was when somebody began to read. */
  readonly shown: P;
  /** As it would be now. */
  readonly newest: P;
  readonly keyOf: (row: T) => string;
}

/** A page that changes while somebody reads it: the same rows in the same places, each as it is now. */
export function heldPage<T, P extends PageOfRows<T>>({ shown, newest, keyOf }: Hold<T, P>): HeldPage<P> {
  const rows = shown.items;
  const fresh = new Map(newest.items.map((row) => [keyOf(row), row]));
  const before = new Set(rows.map(keyOf));
  const isBoth = (row: T) => fresh.has(keyOf(row)) && before.has(keyOf(row));
  const came = notIn(newest.items, isBoth);
  const isCapped = came === newest.items.length && came > 0;
  // Where no row is left of those that are shown, they may be further down; unless there is no row at all.
  const gone = isCapped ? 0 : notIn(rows, isBoth);
  return {
    page: { ...shown, items: rows.map((row) => fresh.get(keyOf(row)) ?? row) },
    news: came + gone === 0 ? null : { came, gone, isCapped },
  };
}

/** How many rows are not in both pages, down to the last that is: what lies below may be on the next page. */
function notIn<T>(rows: readonly T[], isBoth: (row: T) => boolean): number {
  const last = rows.findLastIndex(isBoth);
  return (last === -1 ? rows : rows.slice(0, last)).filter((row) => !isBoth(row)).length;
}
