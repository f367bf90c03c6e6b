/** Ranges that the pages offer, by how long they reach back. */
export const RANGES = {
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 604_800_000,
  '30d': 2_592_000_000,
} as const;
export type Range = keyof typeof RANGES;

/** What every page keeps in its address: the customer it is about, and how far back it looks. */
export interface SharedSearch {
  readonly customer_id?: string | undefined;
  readonly range?: Range | undefined;
}

type Raw = Readonly<Record<string, unknown>>;
type Texts<K extends string> = { readonly [Name in K]?: string | undefined };

/** Members of an address as texts; what is empty counts as absent. */
export function textsOf<const K extends string>(raw: Raw, names: readonly K[]): Texts<K> {
  const entries = names
    .map((name) => [name, textOf(raw[name])] as const)
    .filter(([, value]) => value !== undefined);
  // Object.fromEntries forgets the names that it was given.
  return Object.fromEntries(entries) as Texts<K>;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Reads the members that every page has. */
export function sharedSearch(raw: Raw): SharedSearch {
  const { customer_id, range } = textsOf(raw, ['customer_id', 'range']);
  return {
    ...(customer_id === undefined ? {} : { customer_id }),
    ...(isRange(range) ? { range } : {}),
  };
}

export function isRange(text: string | undefined): text is Range {
  return text !== undefined && text in RANGES;
}

/** The start of a range that ends now, to the minute: so that one moment after another asks for the same. */
export function afterOf(range: Range | undefined, now: number): string | undefined {
  if (range === undefined) return undefined;
  const MINUTE = 60_000;
  return new Date(Math.floor((now - RANGES[range]) / MINUTE) * MINUTE).toISOString();
}

/** The members that have a value. */
export function present<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
