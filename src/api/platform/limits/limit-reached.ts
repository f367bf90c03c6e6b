import { Problem } from '../answers/problem.ts';

/** 422 for something that may not be made because there are as many as the operator allows. */
export function limitReached(what: 'endpoint' | 'key' | 'event_type', max: number): Problem {
  const nouns = { endpoint: 'endpoints', key: 'API keys', event_type: 'registered event types' };
  const whose = what === 'event_type' ? 'There are' : 'This customer has';
  const detail =
    `${whose} ${max} ${nouns[what]}, and no more may be; delete one, or have ` +
    `the operator raise the limit.`;
  return new Problem(422, `${what}_limit_reached`, { detail });
}
