import type { Command } from 'commander';
import type { ItemOf, ListOptions, ListPath } from '../typescript/lists.ts';
import { wholeFrom } from './input/values.ts';
import type { Column } from './output/output.ts';
import type { Session } from './session.ts';

/** How much of a list is asked for. */
export interface PageOptions {
  readonly limit?: number;
  readonly all?: boolean;
  readonly cursor?: string;
}

const MOST_A_PAGE = 100;

/** Adds the options that every list has. */
export function addPageOptions(command: Command): Command {
  return command
    .option('--limit <n>', `items of one page, at most ${MOST_A_PAGE}`, wholeFrom(1))
    .option('--cursor <cursor>', 'the page that begins there')
    .option('--all', 'every item, page after page; with --json a line an item');
}

/** Shows a page of a list, or all of it. */
export async function showList<Path extends ListPath>(
  session: Session,
  path: Path,
  options: ListOptions<Path> & {
    readonly page: PageOptions;
    readonly columns: readonly Column<ItemOf<Path>>[];
  },
): Promise<void> {
  const { page, columns, ...rest } = options;
  if (page.all === true) return await showAll(session, path, { ...rest, columns } as never);
  const query = {
    ...rest.query,
    ...(page.limit && { limit: page.limit }),
    ...(page.cursor && { cursor: page.cursor }),
  };
  const params: object = { query, path: rest.path ?? {} };
  const { data } = await session.posthorn.api.GET(path as '/v1/events', { params });
  const { items, next_cursor } = data as unknown as { items: ItemOf<Path>[]; next_cursor: string | null };
  const { output } = session;
  if (output.isJson) return output.write(`${session.lastText}\n`);
  output.table(items, columns);
  if (next_cursor !== null) output.note(`There are more: --cursor ${next_cursor}, or --all`);
}

async function showAll<Path extends ListPath>(
  { posthorn, output }: Session,
  path: Path,
  { columns, ...options }: ListOptions<Path> & { readonly columns: readonly Column<ItemOf<Path>>[] },
): Promise<void> {
  const items: ItemOf<Path>[] = [];
  for await (const item of posthorn.list(path, options as ListOptions<Path>)) {
    if (output.isJson) output.write(`${JSON.stringify(item)}\n`);
    else if (output.isTable) items.push(item);
    else output.table([item], columns);
  }
  if (output.isTable && !output.isJson) output.table(items, columns);
}
