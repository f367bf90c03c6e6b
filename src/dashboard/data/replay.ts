import type { components } from '../../../clients/typescript/schema.ts';
import { answerOf, api } from './api.ts';

type Body = components['schemas']['NewReplay'];

/** How many things a filter selects; capped where the API stopped counting. */
export type CappedCount = components['schemas']['CappedCount'];
/** The filter of a replay. */
export type ReplayFilter = NonNullable<Body['filter']>;

/** What is sent again, and where it goes. */
export interface ReplayWish {
  readonly filter: ReplayFilter;
  /** Each to its own endpoint where absent. */
  readonly toEndpointId?: string | undefined;
  readonly isNew: boolean;
}

/** How many deliveries a wish has at the moment, by the API's own count. */
export async function countReplay(wish: ReplayWish): Promise<CappedCount> {
  const answer = await answerOf(api.POST('/v1/replays', { body: { ...bodyOf(wish), dry_run: true } }));
  return 'count' in answer ? answer : { count: answer.total, capped: false };
}

/** Begins it. @returns the id of the replay */
export async function beginReplay(wish: ReplayWish): Promise<string> {
  const answer = await answerOf(api.POST('/v1/replays', { body: bodyOf(wish) }));
  if ('id' in answer) return answer.id;
  throw new Error('the API counted where it should have begun');
}

/** Without a filter the API wants to hear that all are meant. */
function bodyOf({ filter, toEndpointId, isNew }: ReplayWish): Body {
  return {
    filter,
    ...(Object.keys(filter).length === 0 ? { all: true } : {}),
    ...(toEndpointId === undefined ? {} : { to_endpoint_id: toEndpointId }),
    ...(isNew && toEndpointId === undefined ? { new_delivery: true } : {}),
  };
}
