import { golden } from '../support/receivers/golden.ts';

/** Bodies that are not what was signed, each made from the golden one; none may verify by any rule. */
export const forgedBodies: readonly (readonly [what: string, body: Buffer])[] = [
  ['a changed digit', Buffer.from(golden.text.replace('45678', '45679'))],
  ['the signature a second time inside data', withSignatureTwice('"note":"')],
  ['the signature a second time in front', withSignatureTwice('{"event":"')],
  ['the signature in another member', moved()],
  ['an escaped signature', Buffer.from(golden.text.replace('sha256=', 'sha256\\u003d'))],
  ['a second member named signature', doubled()],
  ['blanks after separators', Buffer.from(golden.text.replaceAll('":', '": ').replaceAll(',"', ', "'))],
  ['indentation', Buffer.from(JSON.stringify(JSON.parse(golden.text), null, 2))],
  ['letters escaped to ASCII', Buffer.from(golden.text.replace('é', '\\u00e9').replace('✓', '\\u2713'))],
  ['escaped slashes', Buffer.from(golden.text.replaceAll('/', '\\/'))],
  ['members sorted by name', Buffer.from(JSON.stringify(sorted(JSON.parse(golden.text))))],
  ['numbers as floats', Buffer.from(golden.text.replace('45678', '45678.0'))],
  ['a newline at the end', Buffer.concat([golden.body, Buffer.from('\n')])],
  ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), golden.body])],
  ['UTF-8 read as Latin-1', Buffer.from(golden.body.toString('latin1'))],
  ['a byte that is no UTF-8', Buffer.from(golden.body.map((byte) => (byte === 0xc3 ? 0xff : byte)))],
  ['no signature', Buffer.from(golden.text.replace(`"signature":"${golden.bodySignature}",`, ''))],
  ['an empty signature', Buffer.from(golden.text.replace(golden.bodySignature, ''))],
  ['an upper-case signature', withSignature(`sha256=${golden.bodySignature.slice(7).toUpperCase()}`)],
  ['a signature without prefix', withSignature(golden.bodySignature.slice(7))],
  ['a signature of 63 digits', withSignature(golden.bodySignature.slice(0, -1))],
  ['a signature that is not hex', withSignature(`${golden.bodySignature.slice(0, -1)}g`)],
  ['a signature of 10 MB', withSignature(`sha256=${'a'.repeat(10_000_000)}`)],
  ['a signature that is a number', Buffer.from(golden.text.replace(`"${golden.bodySignature}"`, '1'))],
  ['a signature that is a list', Buffer.from(golden.text.replace(/"(sha256=\w+)"/, '["$1"]'))],
  ['the header signature as its own', withSignature(golden.headers['X-Webhook-Signature'])],
  ['nothing', Buffer.alloc(0)],
  ['null', Buffer.from('null')],
  ['a list', Buffer.from(`[${golden.text}]`)],
  ['a text', Buffer.from(JSON.stringify(golden.text))],
  ['half of itself', golden.body.subarray(0, 300)],
  ['a million brackets', Buffer.from('['.repeat(1_000_000))],
];

/** The golden body with one of its bits turned over; `bit` wraps around. */
export function withBitFlipped(bit: number): Buffer {
  const forged = Buffer.from(golden.body);
  const at = Math.floor(bit / 8) % forged.length;
  forged[at] = (forged[at] ?? 0) ^ (1 << (bit % 8));
  return forged;
}

function withSignature(signature: string): Buffer {
  return Buffer.from(golden.text.replace(golden.bodySignature, signature));
}

function withSignatureTwice(after: string): Buffer {
  return Buffer.from(golden.text.replace(after, after + golden.bodySignature));
}

function moved(): Buffer {
  const blanked = golden.text.replace(golden.bodySignature, '');
  return Buffer.from(blanked.replace('"note":"', `"signature":"${golden.bodySignature}","note":"`));
}

function doubled(): Buffer {
  const blanked = golden.text.replace(golden.bodySignature, '');
  return Buffer.from(blanked.replace(/}$/, `,"signature":"${golden.bodySignature}"}`));
}

function sorted(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}
