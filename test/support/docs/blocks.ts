import { PAGES, pageText } from './pages.ts';

/** Who else holds a block to what it says: a file that runs it, or a reason why nothing can. */
export interface BlockMark {
  readonly kind: 'run by' | 'not run';
  readonly text: string;
}

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
  readonly mark: BlockMark | null;
}

const FENCED = /^( *)```(\w*)\n([\s\S]*?)^ *```$/gm;
const MARK = /<!-- (run by|not run): (.+) -->\s*$/;
/** Receivers and recipes are found, and run, by these. */
const NAMED = /<!-- (receiver|recipe):[\w-]+ -->\s*$/;

/** Every fenced block of every page. */
export function blocks(): readonly Block[] {
  return PAGES.flatMap(blocksOf);
}

/** The fenced blocks of a page, in their order. */
export function blocksOf(page: string): readonly Block[] {
  const text = pageText(page);
  return [...text.matchAll(FENCED)].map((match) => {
    const [, indent = '', language = '', inner = ''] = match;
    const before = text.slice(0, match.index);
    return {
      page,
      line: before.split('\n').length,
      language,
      text: inner.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      mark: markOf(before),
    };
  });
}

function markOf(before: string): BlockMark | null {
  const [, kind, text = ''] = MARK.exec(before) ?? [];
  if (kind === 'run by' || kind === 'not run') return { kind, text };
  const [, named] = NAMED.exec(before) ?? [];
  if (named === 'receiver') return { kind: 'run by', text: 'test/signature/documented-receivers.test.ts' };
  if (named === 'recipe') return { kind: 'run by', text: 'test/clients/typescript/recipes.test.ts' };
  return null;
}
