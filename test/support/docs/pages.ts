import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOTS = ['docs', 'clients', 'deploy'];

/** Every page of Markdown for readers, by its path from the root. */
export const PAGES: readonly string[] = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...ROOTS.flatMap((root) => markdownBelow(root)),
].sort();

/** The text of a page. */
export function pageText(page: string): string {
  return readFileSync(page, 'utf8');
}

/** What its headings are called in links. */
export function anchorsOf(page: string): readonly string[] {
  return matches(/^#+ (.+)$/gm, pageText(page)).map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
}

/** Where a page links to within the repository. */
export function linksOf(page: string): readonly string[] {
  const prose = pageText(page).replaceAll(/```[\s\S]*?```/g, '');
  return matches(/\]\((?![a-z]+:)([^)\s]+)\)/g, prose);
}

/** The cells of the table behind its marker, without its head. */
export function tableOf(page: string, marker: string): readonly (readonly string[])[] {
  const [, table] = new RegExp(`<!-- table:${marker} -->\\n((?:\\|.*\\n)+)`).exec(pageText(page)) ?? [];
  if (table === undefined) throw new Error(`${page} has no table ${marker}`);
  return table.trim().split('\n').slice(2).map(cellsOf);
}

/** What stands in code spans of a text. */
export function codesIn(text: string): readonly string[] {
  return matches(/`([^`]+)`/g, text);
}

/** First groups of all matches. */
export function matches(pattern: RegExp, text: string): readonly string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

function cellsOf(line: string): readonly string[] {
  const cells = line.slice(1, -1).split('|');
  return cells.map((cell) => cell.trim());
}

function markdownBelow(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => join(root, name));
}
