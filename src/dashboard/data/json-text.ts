/** A token of a JSON text, byte for byte as it stands there. */
export interface JsonToken {
  readonly kind: 'string' | 'number' | 'word' | 'mark' | 'space';
  readonly text: string;
}

const TOKEN = /("[^"\\]*(?:\\.[^"\\]*)*")|(-?\d[\d.eE+-]*)|(true|false|null)|([{}[\],:])|(\s+)/gy;
const INDENT = '  ';
/** Deeper levels are not set in further, so that no line runs away. */
const MAX_INDENT = 32;

/** The tokens of a JSON text; null for what is none. Nothing is read into numbers, so that none changes. */
export function jsonTokens(text: string): readonly JsonToken[] | null {
  const tokens: JsonToken[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) return null;
    const [whole, string, number, word, mark] = match;
    tokens.push({ kind: kindOf({ string, number, word, mark }), text: whole });
  }
  return tokens.length === 0 || !/^\s*[{[]/.test(text) ? null : tokens;
}

function kindOf(groups: {
  readonly string: string | undefined;
  readonly number: string | undefined;
  readonly word: string | undefined;
  readonly mark: string | undefined;
}): JsonToken['kind'] {
  if (groups.string !== undefined) return 'string';
  if (groups.number !== undefined) return 'number';
  if (groups.word !== undefined) return 'word';
  return groups.mark === undefined ? 'space' : 'mark';
}

/** The same tokens, set out in lines; only white space between them changes. */
export function laidOut(tokens: readonly JsonToken[]): readonly JsonToken[] {
  const out: JsonToken[] = [];
  let depth = 0;
  const breakLine = (): void => {
    out.push({ kind: 'space', text: `\n${INDENT.repeat(Math.min(depth, MAX_INDENT))}` });
  };
  let before: JsonToken | undefined;
  for (const token of tokens) {
    if (token.kind === 'space') continue;
    if (closes(token)) depth -= 1;
    if (before !== undefined && isBreak(before, token)) breakLine();
    if (before !== undefined && isMark(before, ':')) out.push({ kind: 'space', text: ' ' });
    out.push(token);
    if (opens(token)) depth += 1;
    before = token;
  }
  return out;
}

/** Whether a line ends between two tokens; what is empty stays on one. */
function isBreak(before: JsonToken, token: JsonToken): boolean {
  if (isMark(before, ',')) return true;
  return opens(before) !== closes(token);
}

/** The text of one member of an object as it stands in a JSON text; null where there is none. */
export function memberText(text: string, name: string): string | null {
  let start: number | null = null;
  for (const { token, depth, offset, key } of membersOf(jsonTokens(text) ?? [])) {
    if (depth !== 1) continue;
    if (start !== null && (isMark(token, ',') || isMark(token, '}'))) return text.slice(start, offset).trim();
    if (start === null && isMark(token, ':') && key === JSON.stringify(name)) start = offset + 1;
  }
  return null;
}

interface PlacedToken {
  readonly token: JsonToken;
  /** How many objects and lists it lies in; brackets lie in what they enclose. */
  readonly depth: number;
  readonly offset: number;
  /** The last token before it that is no white space. */
  readonly key: string;
}

function* membersOf(tokens: readonly JsonToken[]): Generator<PlacedToken> {
  let depth = 0;
  let offset = 0;
  let key = '';
  for (const token of tokens) {
    if (opens(token)) depth += 1;
    yield { token, depth, offset, key };
    if (closes(token)) depth -= 1;
    if (token.kind !== 'space') key = token.text;
    offset += token.text.length;
  }
}

function isMark({ kind, text }: JsonToken, mark: string): boolean {
  return kind === 'mark' && text === mark;
}

function opens(token: JsonToken): boolean {
  return isMark(token, '{') || isMark(token, '[');
}

function closes(token: JsonToken): boolean {
  return isMark(token, '}') || isMark(token, ']');
}
