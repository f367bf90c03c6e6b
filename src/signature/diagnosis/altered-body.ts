import { compactJson, splitMembers, type TokenHabits } from './json-tokens.ts';

/** How a body differs from what was sent: a stable code, and what happened to it, as the end of a sentence. */
export interface BodyAlteration {
  readonly code: 'body_bom' | 'body_blanks_around' | 'body_miscoded' | 'body_reserialised';
  readonly what: string;
}

/**
 * Finds out what was done to a body on its way by undoing the usual alterations until `isOriginal` recognises the
 * result: byte order mark, blanks around it, Latin-1 for UTF-8, another JSON serialiser. Undefined if none explains it.
 */
export function findAlteration(
  bytes: Buffer,
  isOriginal: (candidate: Buffer) => boolean,
): BodyAlteration | undefined {
  const text = bytes.toString();
  const wrapped = findWrapping(text, isOriginal);
  if (wrapped !== undefined) return wrapped;
  const latin1 = Buffer.from(text, 'latin1');
  if (isOriginal(latin1))
    return { code: 'body_miscoded', what: 'its UTF-8 was read as Latin-1 and encoded again' };
  return findReserialisation(text, isOriginal);
}

/** What in the form of a body shows that Posthorn did not write it, as a list for people; '' for the sent form. */
export function describeForm(text: string): string {
  const marks: readonly (readonly [seen: boolean, mark: string])[] = [
    [text.startsWith(BOM), 'a byte order mark in front'],
    [text.trim() !== text.replace(BOM, ''), 'blanks or a newline around it'],
    [/\n[ \t]*"/.test(text), 'line breaks and indentation'],
    [/[:,] ["\d[{tfn-]/.test(withoutStrings(text)), 'blanks behind colons or commas'],
    [/\\u00[89a-f]|\\u0[1-9a-f]|\\u[1-9a-f]/i.test(text), 'letters written as \\u escapes'],
    [text.includes('\\/'), 'slashes written as \\/'],
    [/\\u00(?:26|3c|3e|27)/i.test(text), 'HTML characters written as \\u escapes'],
    [isOutOfOrder(text), 'members in another order'],
  ];
  return marks
    .filter(([seen]) => seen)
    .map(([, mark]) => mark)
    .join(', ');
}

const BOM = '\ufeff';
const WIRE_ORDER = ['event', 'timestamp', 'signature', 'delivery_id', 'attempt', 'data'];
const HABITS: readonly TokenHabits[] = [
  { rewriteStrings: false, rewriteNumbers: false },
  { rewriteStrings: true, rewriteNumbers: false },
  { rewriteStrings: true, rewriteNumbers: true },
];

function findWrapping(text: string, isOriginal: (candidate: Buffer) => boolean): BodyAlteration | undefined {
  const withoutBom = text.replace(BOM, '');
  if (!isOriginal(Buffer.from(withoutBom.trim()))) return undefined;
  return text === withoutBom
    ? { code: 'body_blanks_around', what: 'blanks or a newline were added around it' }
    : { code: 'body_bom', what: 'a byte order mark was put in front' };
}

function findReserialisation(
  text: string,
  isOriginal: (candidate: Buffer) => boolean,
): BodyAlteration | undefined {
  const json = text.replace(BOM, '');
  if (!isJsonObject(json)) return undefined;
  for (const habits of HABITS) {
    const compact = compactJson(json, habits);
    const candidates = [compact, inWireOrder(compact)];
    if (!candidates.some((candidate) => isOriginal(Buffer.from(candidate)))) continue;
    const marks = describeForm(text) || 'numbers or strings written differently';
    return { code: 'body_reserialised', what: `it was parsed and serialised again (${marks})` };
  }
  return undefined;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function inWireOrder(compact: string): string {
  const members = splitMembers(compact);
  const names = [...WIRE_ORDER.filter((name) => members.has(name))];
  const others = [...members.keys()].filter((name) => !names.includes(name));
  const texts = [...names, ...others].map((name) => `${JSON.stringify(name)}:${members.get(name)}`);
  return `{${texts.join(',')}}`;
}

function isOutOfOrder(text: string): boolean {
  const json = text.replace(BOM, '');
  if (!isJsonObject(json)) return false;
  const compact = compactJson(json, { rewriteStrings: false, rewriteNumbers: false });
  return inWireOrder(compact) !== compact;
}

/** A string that does not end takes the rest, so that nothing is looked at again from each quote in it. */
function withoutStrings(text: string): string {
  return text.replace(/"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)/gs, '""');
}
