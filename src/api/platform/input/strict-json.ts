import { invalidInput, Problem } from '../answers/problem.ts';
import { scanJson } from './json-scan.ts';

const BYTE_ORDER_MARK = 0xfeff;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a JSON body so that what is stored means exactly what was sent. `maxDepth` counts the outermost object as 1.
 * @throws Problem 422 `body_empty`; 400 `json_malformed` for broken UTF-8, a byte order mark or broken JSON; 422 with
 * every place where reading would change the meaning (see `scanJson`)
 */
export function parseStrictJson(body: Uint8Array, options: { readonly maxDepth: number }): unknown {
  if (body.length === 0) throw emptyBody();
  const text = decode(body);
  const value = parse(text);
  const problems = scanJson(text, options);
  if (problems.length > 0) throw invalidInput(problems);
  return value;
}

/** 422 for a body that is needed and not there. */
export function emptyBody(): Problem {
  const message = 'The request needs a JSON body, and it has none.';
  return new Problem(422, 'body_empty', {
    detail: message,
    errors: [{ pointer: '', code: 'body_empty', message }],
  });
}

function decode(body: Uint8Array): string {
  let text: string;
  try {
    text = decoder.decode(body);
  } catch (cause) {
    throw malformed('The body is not valid UTF-8.', cause);
  }
  if (text.charCodeAt(0) === BYTE_ORDER_MARK) throw malformed('The body begins with a byte order mark.');
  return text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed('The body is not valid JSON.', cause);
  }
}

function malformed(detail: string, cause?: unknown): Problem {
  return new Problem(400, 'json_malformed', {
    detail,
    errors: [{ pointer: '', code: 'json_malformed', message: detail }],
    cause,
  });
}
