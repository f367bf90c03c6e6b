import { checkSecret, isWellFormedSecret, SECRET_PREFIX } from '../secret.ts';
import { type Explanation, failed, passed } from './explanation.ts';

/** Says whether a secret is written as Posthorn showed it. Never quotes it. */
export function explainSecret(secret: string): Explanation {
  const problem = isWellFormedSecret(secret) ? undefined : checkSecret(secret);
  if (problem === undefined) return passed('The secret has the right form.');
  if (repairSecret(secret) === secret) return failed(problem.code, problem.message);
  const assumed = 'The other checks assume that it lost its prefix or padding, or gained blanks or quotes';
  return failed(problem.code, `${problem.message} ${assumed}.`);
}

/**
 * The secret that was probably meant: without blanks and quotes around it, in standard padded base64, with its prefix.
 * The text unchanged where that leads to nothing well-formed.
 */
export function repairSecret(secret: string): string {
  if (secret.length > MAX_CHARACTERS) return secret;
  const bare = secret.replace(/^["'\s]+|["'\s]+$/g, '').replace(SECRET_PREFIX, '');
  // Node decodes both alphabets, padded or not, and skips what is in neither.
  const repaired = SECRET_PREFIX + Buffer.from(bare, 'base64').toString('base64');
  const isBase64 = /^[\w+/-]+=*$/.test(bare);
  return !isBase64 || isWellFormedSecret(secret) || !isWellFormedSecret(repaired) ? secret : repaired;
}

// Ample for a secret with its decorations.
const MAX_CHARACTERS = 200;
