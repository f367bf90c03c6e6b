/** How a serialiser's habits are undone: string and number tokens as JavaScript's own serialiser would write them. */
export interface TokenHabits {
  readonly rewriteStrings: boolean;
  readonly rewriteNumbers: boolean;
}

/**
 * Valid JSON without the blanks between its tokens; every other token stays as it is written, save what `habits` asks
 * to be rewritten. Nothing is parsed as a whole, so member order and number texts survive.
 */
export function compactJson(text: string, habits: TokenHabits): string {
  return text.replace(TOKEN, (token) => {
    if (token.startsWith('"')) return habits.rewriteStrings ? rewrite(token) : token;
    if (NUMBER_START.test(token)) return habits.rewriteNumbers ? rewrite(token) : token;
    return BLANK.test(token) ? '' : token;
  });
}

/** The top-level members of a compact JSON object in the order written: name, and value as written. */
export function splitMembers(compactObject: string): ReadonlyMap<string, string> {
  const members = new Map<string, string>();
  let depth = 0;
  let start = 1;
  for (const { 0: token, index } of compactObject.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    if ((token === ',' && depth === 1) || depth === 0) {
      addMember(members, compactObject.slice(start, index));
      start = index + 1;
    }
  }
  return members;
}

// A string; a run of blanks; a mark of punctuation; or a number or literal.
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|\s+|[{}[\],:]|[^\s{}[\],:"]+/g;
const NUMBER_START = /^[-\d]/;
const BLANK = /^\s/;
const NAME = /^"[^"\\]*(?:\\.[^"\\]*)*"/;

function rewrite(token: string): string {
  return JSON.stringify(JSON.parse(token));
}

function addMember(members: Map<string, string>, member: string): void {
  const name = NAME.exec(member)?.[0];
  if (name !== undefined) members.set(String(JSON.parse(name)), member.slice(name.length + 1));
}
