import type { InputProblem } from '../../../domain/errors.ts';
import { Pace } from '../../../loop-turns.ts';
import { type Fault, invalidInput, invalidMember, MAX_PROBLEMS, Problem } from '../answers/problem.ts';
import { type SplitBatch, splitBatch } from './batch-split.ts';
import { findTooDeepInTurns } from './json-depth.ts';
import { isPlainObject } from './json-object.ts';
import type { JsonPath } from './json-text.ts';
import { emptyBody, malformedJson, parseStrictJson, parseStrictJsonInTurns, tooDeep } from './strict-json.ts';

/** The frame and the list of a batch lie around each item. */
const LEVELS_AROUND_ITEM = 2;
const MAX_FRAME_BYTES = 8_192;
const NOUN_OF = { events: 'event', endpoints: 'endpoint' } as const;

/** What bounds a batch: the largest item, blanks included, how many there may be, and how deep each may be nested. */
export interface BatchBounds {
  /** The member that lists the items. */
  readonly list: 'events' | 'endpoints';
  readonly maxItems: number;
  readonly maxItemBytes: number;
  readonly maxItemDepth: number;
  /** Where in an item the object stands that is passed on token for token. */
  readonly verbatim: JsonPath;
}

/**
 * Reads the body of a batch as `parseStrictJson` reads others, but item by item, letting other requests go on in
 * between. Pointers lead into the list, `/events/<index>`.
 * @throws Problem 400 or 422 as `parseStrictJson`; 413 for an item that is too large
 */
export async function parseBatchJson(bytes: Buffer, bounds: BatchBounds): Promise<unknown> {
  if (bytes.length === 0) throw emptyBody();
  const pace = new Pace();
  const maxDepth = bounds.maxItemDepth + LEVELS_AROUND_ITEM;
  const split = await splitBatch(bytes, { list: bounds.list, maxItems: bounds.maxItems, maxDepth, pace });
  if (split.endedBy === 'too_deep')
    throw tooDeep((await findTooDeepInTurns(bytes, { maxDepth, pace })) ?? '');
  requireWhole(split, bounds);
  const frame = parseStrictJson(split.frame, { maxDepth });
  const items: unknown[] = [];
  const problems: Fault[] = [];
  for (const [index, item] of split.items.entries()) {
    await pace.rest();
    try {
      items.push(await parseItem(item, { ...bounds, pace }));
    } catch (error) {
      problems.push(...problemsIn(error, `/${bounds.list}/${index}`));
      if (problems.length >= MAX_PROBLEMS) break;
    }
  }
  requireNone(problems);
  return isPlainObject(frame) && items.length > 0 ? { ...frame, [bounds.list]: items } : frame;
}

function requireWhole({ endedBy, frame }: SplitBatch, { maxItems, list }: BatchBounds): void {
  if (endedBy === 'too_many_items') {
    throw invalidMember(`/${list}`, 'too_big', `A batch has ${maxItems} ${list} at most.`);
  }
  if (frame.length <= MAX_FRAME_BYTES) return;
  const detail = `A batch may have ${MAX_FRAME_BYTES} bytes around its ${list}.`;
  throw new Problem(413, 'body_too_large', { detail });
}

function parseItem(
  item: Buffer,
  { list, maxItemBytes, maxItemDepth, verbatim, pace }: BatchBounds & { readonly pace: Pace },
): unknown {
  if (item.length > maxItemBytes) {
    const message = `The ${NOUN_OF[list]} has ${item.length} bytes; at most ${maxItemBytes} are accepted.`;
    throw new Problem(413, 'data_too_large', {
      detail: message,
      errors: [{ pointer: '', code: 'data_too_large', message }],
    });
  }
  if (item.length === 0) throw malformedJson('The body is not valid JSON.');
  return parseStrictJsonInTurns(item, { maxDepth: maxItemDepth, verbatim, pace });
}

/**
 * What is wrong with one item, to be told with what is wrong with others; what makes the whole body unreadable is
 * thrown.
 */
function problemsIn(error: unknown, place: string): readonly Fault[] {
  if (!(error instanceof Problem) || error.status === 400) throw error;
  return error.errors.map((fault) => ('pointer' in fault ? below(place, fault) : fault));
}

function below(place: string, fault: InputProblem): InputProblem {
  return { ...fault, pointer: place + fault.pointer };
}

function requireNone(problems: readonly Fault[]): void {
  const tooLarge = problems.find(({ code }) => code === 'data_too_large');
  if (tooLarge !== undefined)
    throw new Problem(413, tooLarge.code, { detail: tooLarge.message, errors: problems });
  if (problems.length > 0) throw invalidInput(problems);
}
