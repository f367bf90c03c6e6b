import { randomBytes } from 'node:crypto';

/** A secret that is unlike anything else, so that it can be found wherever it turns up, and where alone it may. */
export interface Canary {
  readonly name: string;
  /** As whoever knows it writes it. */
  readonly text: string;
  readonly mayBeIn: readonly Place[];
  readonly needles: readonly Buffer[];
}

/** Where a canary is looked for. */
export type Place = 'log' | 'answer' | 'table' | 'temporal' | 'server log';

const RANDOM_BYTES = 24;
/** How many characters of base64 the bytes before begin with, by their number: these depend on those. */
const BASE64_SKIPPED = [0, 2, 3];

/** A canary for a place that takes any text, or for the secret that is given. */
export function createCanary(
  name: string,
  {
    text = randomBytes(RANDOM_BYTES).toString('hex'),
    mayBeIn = [],
  }: { text?: string; mayBeIn?: Canary['mayBeIn'] } = {},
): Canary {
  const secrets = [Buffer.from(text), ...encodedIn(text)];
  return { name, text, mayBeIn, needles: secrets.flatMap(needlesOf) };
}

/** The canaries that are in a content although they may not be in such a place, by name. */
export function findLeaks(
  canaries: readonly Canary[],
  { place, content }: { readonly place: Place; readonly content: string | Buffer },
): readonly string[] {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return canaries
    .filter(({ mayBeIn }) => !mayBeIn.includes(place))
    .filter(({ needles }) => needles.some((needle) => bytes.includes(needle)))
    .map(({ name }) => name);
}

/** The bytes that a text stands for, where it is the base64 of some: those of a key are as secret as the key. */
function encodedIn(text: string): readonly Buffer[] {
  const base64 = text.replace(/^whsec_/, '').replaceAll(/-----[A-Z ]+-----|\s/g, '');
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64') !== base64) return [];
  // Of a PEM file a part that fills a line at most, so that its line ends do not hide it.
  return text.startsWith('-----') ? [bytes.subarray(48, 96)] : [bytes];
}

/**
 * All the usual ways to write some bytes: as they are, in hex, in base64 wherever they begin in it, and
 * percent-encoded.
 */
function needlesOf(secret: Buffer): readonly Buffer[] {
  const hex = secret.toString('hex');
  const base64 = BASE64_SKIPPED.map((skipped, before) => {
    const length = before + secret.length;
    const text = Buffer.concat([Buffer.alloc(before), secret]).toString('base64');
    return text.slice(skipped, Math.floor(length / 3) * 4);
  });
  const texts = [
    hex,
    hex.toUpperCase(),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    ...base64.map((text) => encodeURIComponent(text)),
    encodeURIComponent(secret.toString('latin1')),
    JSON.stringify(secret.toString('latin1')).slice(1, -1),
  ];
  return [secret, ...texts.map((text) => Buffer.from(text, 'latin1'))];
}
