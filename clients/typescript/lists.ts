import type { Client } from 'openapi-fetch';
import type { paths } from './schema.ts';

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
}
interface Listing<Item> {
  get: { responses: { 200: { content: { 'application/json': Page<Item> } } } };
}

/** The routes that answer page by page. */
export type ListPath = {
  [Path in keyof paths]: paths[Path] extends Listing<unknown> ? Path : never;
}[keyof paths];

/** What a list is made of. */
export type ItemOf<Path extends ListPath> = paths[Path] extends Listing<infer Item> ? Item : never;

/** Filters of a list, the most items of one page (`limit`), and what its route has in braces. */
export interface ListOptions<Path extends ListPath> {
  readonly query?: paths[Path] extends { get: { parameters: { query?: infer Query } } }
    ? Omit<NonNullable<Query>, 'cursor'>
    : never;
  readonly path?: Readonly<Record<string, string>>;
}

/** Every item of a list; the next page is asked for when the items before it have been taken. */
export async function* listAll<Path extends ListPath>(
  api: Client<paths>,
  path: Path,
  options: ListOptions<Path> = {},
): AsyncGenerator<ItemOf<Path>> {
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Page<ItemOf<Path>> = await readPage(api, path, { ...options, cursor });
    yield* page.items;
    cursor = page.next_cursor;
  }
}

/** All lists are asked for alike, which their types, one a route, do not tell. */
async function readPage<Path extends ListPath>(
  api: Client<paths>,
  path: Path,
  { query, path: parts = {}, cursor }: ListOptions<Path> & { readonly cursor?: string | undefined },
): Promise<Page<ItemOf<Path>>> {
  const params = { query: { limit: 100, ...query, ...(cursor !== undefined && { cursor }) }, path: parts };
  const { data } = await api.GET(path as '/v1/events', { params: params as object });
  return data as unknown as Page<ItemOf<Path>>;
}
