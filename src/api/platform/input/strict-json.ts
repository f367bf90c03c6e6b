import type { Resting } from '../../../loop-turns.ts';
import { invalidInput, invalidMember, Problem } from '../answers/problem.ts';
import { findTooDeep, findTooDeepInTurns } from './json-depth.ts';
import { type Excerpt, type ScannedJson, type ScanOptions, scanJson, scanJsonInTurns } from './json-scan.ts';
import { JsonText } from './json-text.ts';

/** Takes some milliseconds, whatever it is made of. */
const MAX_BYTES_AT_ONCE = 16_384;
const BYTE_ORDER_MARK = 0xfeff;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

interface StrictOptions extends ScanOptions {
  readonly maxDepth: number;
}

/**
 * Reads a JSON body so that what is stored means exactly what was sent. `maxDepth` counts the outermost object as 1;
 * objects at `verbatim` become a `JsonText`.
 * @throws Problem 422 `body_empty`, `too_deep`; 400 `json_malformed` for broken UTF-8, a byte order mark or broken
 * JSON; 422 with every place where reading would change the meaning (see `scanJson`)
 */
export function parseStrictJson(body: Uint8Array, options: StrictOptions): unknown {
  if (body.length === 0) throw emptyBody();
  const deep = findTooDeep(body, options.maxDepth);
  if (deep !== null) throw tooDeep(deep);
  const text = decode(body);
  return judge(parse(text), scanJson(text, options));
}

/** The same; of a long body it is a promise, and others have the event loop in between. */
export function parseStrictJsonInTurns(
  body: Uint8Array,
  options: StrictOptions & { readonly pace: Resting },
): unknown {
  return body.length <= MAX_BYTES_AT_ONCE ? parseStrictJson(body, options) : parseLongJson(body, options);
}

async function parseLongJson(
  body: Uint8Array,
  options: StrictOptions & { readonly pace: Resting },
): Promise<unknown> {
  const { pace } = options;
  const deep = await findTooDeepInTurns(body, options);
  if (deep !== null) throw tooDeep(deep);
  const text = decode(body);
  await pace.rest();
  const value = parse(text);
  await pace.rest();
  return judge(value, await scanJsonInTurns(text, options));
}

function judge(value: unknown, { problems, excerpts }: ScannedJson): unknown {
  if (problems.length > 0) throw invalidInput(problems);
  for (const excerpt of excerpts.values()) putInto(value, excerpt);
  return value;
}

function putInto(root: unknown, { path, text }: Excerpt): void {
  let parent = root as Record<PropertyKey, unknown>;
  for (const key of path.slice(0, -1)) parent = parent[key] as Record<PropertyKey, unknown>;
  const last = path.at(-1) ?? '';
  parent[last] = new JsonText(text, parent[last] as Record<string, unknown>);
}

/** 422 for a value nested beyond what its route takes. */
export function tooDeep(pointer: string): Problem {
  return invalidMember(pointer, 'too_deep', 'Objects and arrays are nested too deeply.');
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
    throw malformedJson('The body is not valid UTF-8.', cause);
  }
  if (text.charCodeAt(0) === BYTE_ORDER_MARK) throw malformedJson('The body begins with a byte order mark.');
  return text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformedJson('The body is not valid JSON.', cause);
  }
}

/** 400 for a body that is no JSON. */
export function malformedJson(detail: string, cause?: unknown): Problem {
  return new Problem(400, 'json_malformed', {
    detail,
    errors: [{ pointer: '', code: 'json_malformed', message: detail }],
    cause,
  });
}
