import { randomBytes } from 'node:crypto';

/** What a browser shows (`phs_`), and the one-time code that begins a session (`phc_`). */
const PREFIXES = { token: 'phs_', code: 'phc_' } as const;
const RANDOM_BYTES = 32;
const SHAPES = { token: /^phs_[\w-]{43}$/, code: /^phc_[\w-]{43}$/ } as const;

/** A new token or code: 256 random bits, so that its SHA-256 is all that needs to be stored. */
export function newSessionText(kind: keyof typeof PREFIXES): string {
  return PREFIXES[kind] + randomBytes(RANDOM_BYTES).toString('base64url');
}

/** Whether a text can be one that was ever given out. */
export function maySessionText(kind: keyof typeof PREFIXES, text: string): boolean {
  return SHAPES[kind].test(text);
}
