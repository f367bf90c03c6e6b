import { compactJson, splitMembers, type TokenHabits } from './json-tokens.ts';

/** How a body differs from what was sent: a stable code, and what happened to it, as the end of a sentence. */
export interface BodyAlteration {
  readonly code: 'body_bom' | 'body_blanks_around' | 'body_miscoded' | 'body_reserialised';
  readonly what: string;
}

/** A body as it may have been sent, and what then was done to it on its way. */
export interface Original {
  readonly bytes: Buffer;
  readonly alteration: BodyAlteration;
}

/**
 * Undoes the usual alterations of a body: byte order mark, blanks around it, Latin-1 for UTF-8, another JSON
 * serialiser. One of the results may be what was sent; likelier ones come first.
 */
export function possibleOriginals(bytes: Buffer): readonly Original[] {
  const text = bytes.toString();
  const miscoded = {
    code: 'body_miscoded',
    what: 'its UTF-8 was read as Latin-1 and encoded again',
  } as const;
  return [
    unwrapped(text),
    { bytes: Buffer.from(text, 'latin1'), alteration: miscoded },
    ...reserialised(text),
  ];
}

type Mark = readonly [seen: boolean, mark: string];

/** What in the form of a body shows that Posthorn did not write it, as a list for people; '' for the sent form. */
export function describeForm(text: string): string {
  return listOf([
    [text.startsWith(BOM), 'a byte order mark in front'],
    [text.trim() !== text.replace(BOM, ''), 'blanks or a newline around it'],
    [/\n[ \t]*"/.test(text), 'line breaks and indentation'],
    [/[:,] ["\d[{tfn-]/.test(withoutStrings(text)), 'blanks behind colons or commas'],
    [isOutOfOrder(text), 'members in another order'],
  ]);
}

/**
 * Escapes that a serialiser may have written; they show nothing by themselves, for producers may write them into data.
 */
function describeEscapes(text: string): string {
  return listOf([
    [/\\u00[89a-f]|\\u0[1-9a-f]|\\u[1-9a-f]/i.test(text), 'letters written as \\u escapes'],
    [text.includes('\\/'), 'slashes written as \\/'],
    [/\\u00(?:26|3c|3e|27)/i.test(text), 'HTML characters written as \\u escapes'],
  ]);
}

function listOf(marks: readonly Mark[]): string {
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

function unwrapped(text: string): Original {
  const withoutBom = text.replace(BOM, '');
  const alteration: BodyAlteration =
    text === withoutBom
      ? { code: 'body_blanks_around', what: 'blanks or a newline were added around it' }
      : { code: 'body_bom', what: 'a byte order mark was put in front' };
  return { bytes: Buffer.from(withoutBom.trim()), alteration };
}

function reserialised(text: string): readonly Original[] {
  const json = text.replace(BOM, '');
  if (!isJsonObject(json)) return [];
  const seen = [describeForm(text), describeEscapes(text)].filter((marks) => marks !== '').join(', ');
  const marks = seen || 'numbers or strings written differently';
  const what = `it was parsed and serialised again (${marks})`;
  return HABITS.flatMap((habits) => {
    const compact = compactJson(json, habits);
    return [compact, inWireOrder(compact)].map((candidate) => ({
      bytes: Buffer.from(candidate),
      alteration: { code: 'body_reserialised', what } as const,
    }));
  });
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
