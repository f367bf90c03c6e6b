/**
 * Whether somebody could guess these bytes: few different ones, a repeated pattern, or the text of a password or
 * phrase. Random bytes are never taken for such. Bytes that count up pass: published test vectors have them, and
 * receivers are tried with those.
 */
export function isPredictable(key: Buffer): boolean {
  return new Set(key).size < MIN_DISTINCT_BYTES || isRepetitive(key) || isPhrase(key);
}

// 24 random bytes have fewer than 8 different values once in 10^24 draws; repeated characters and short patterns always
// do.
const MIN_DISTINCT_BYTES = 8;

/** Whether it is a pattern of at most half its length, said again and again; the last time perhaps in part. */
function isRepetitive(key: Buffer): boolean {
  for (let period = 1; period <= key.length / 2; period += 1)
    if (key.subarray(period).equals(key.subarray(0, key.length - period))) return true;
  return false;
}

/** Whether it is a readable text with a word that passwords are made of, or of words alone. */
function isPhrase(key: Buffer): boolean {
  const text = key.toString('latin1');
  if (!/^[\x20-\x7e]+$/.test(text)) return false;
  return PASSWORD_WORDS.test(text) || WORDS_ALONE.some((form) => form.test(text));
}

// Of six letters at least, or eight digits: shorter ones turn up in random texts.
const PASSWORD_WORDS =
  /passw[o0]rd|s[e3]cret|webhook|change[-_ ]?me|example|qwerty|letmein|default|posthorn|signing|production|staging|abcdefgh|[01]2345678/i;

// Three or more in one case: random texts of letters alone have both.
const WORDS_ALONE = [
  /^[a-z]+(?:[ ,._-]+[a-z]+){2,}[.!?]?$/,
  /^[A-Z]+(?:[ ,._-]+[A-Z]+){2,}[.!?]?$/,
  /^[A-Z][a-z]+(?:[ ,._-]+[A-Z]?[a-z]+){2,}[.!?]?$/,
];
