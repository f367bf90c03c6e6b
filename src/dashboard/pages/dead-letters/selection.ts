import type { components } from '../../../../clients/typescript/schema.ts';
import { answerOf, api } from '../../data/api.ts';
import type { CappedCount } from '../../data/replay.ts';

/** The filter of dead letters as it stands in the address. */
export interface Selection {
  readonly endpoint_id?: string;
  readonly customer_id?: string;
  readonly event?: string;
  readonly event_id?: string;
  readonly error_code?: string;
  readonly reason?: string;
  readonly after?: string;
  readonly data?: Readonly<Record<string, string>>;
}

type Body = components['schemas']['DeadLetterSelection'];

/** The same as the API takes it for an action in bulk: without a filter it wants to hear that all are meant. */
function bodyOf(selection: Selection): Body {
  const isAll = Object.keys(selection).length === 0;
  return { filter: selection, ...(isAll ? { all: true } : {}) } as Body;
}

/** How many dead letters a selection has at the moment, by the API's own count. */
export async function countOf(selection: Selection): Promise<CappedCount> {
  const answer = await answerOf(
    api.POST('/v1/dead-letters/retry', { body: { ...bodyOf(selection), dry_run: true } }),
  );
  return { count: answer.count, capped: answer.capped };
}

/** Sends them again. @returns the replay that does it; null where nothing was selected */
export async function retryAll(selection: Selection): Promise<string | null> {
  const answer = await answerOf(api.POST('/v1/dead-letters/retry', { body: bodyOf(selection) }));
  return 'replay_id' in answer ? answer.replay_id : null;
}

/** Discards them for good, as many at a time as the API does. @returns how many */
export async function discardAll(selection: Selection): Promise<number> {
  let count = 0;
  let isDone = false;
  while (!isDone) {
    const step = await answerOf(api.POST('/v1/dead-letters/discard', { body: bodyOf(selection) }));
    count += step.count;
    isDone = !step.capped;
  }
  return count;
}
