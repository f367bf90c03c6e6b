import { type DataFilter, filterMiss } from '../data-filter.ts';
import { filterEntriesSelecting } from '../event-filter.ts';
import { isOperationalEvent } from '../operational-event.ts';
import { searchTokensOf } from '../searchable.ts';
import type {
  EndpointNow,
  EndpointThen,
  EventAtEndpoint,
  ExplainedEvent,
  Explanation,
  ExplanationRule,
} from './explained.ts';

/** Says which rule kept an event from an endpoint that has no delivery of it. */
export function explainAbsence(
  event: ExplainedEvent,
  { endpoint, endpointThen }: Pick<EventAtEndpoint, 'endpoint' | 'endpointThen'>,
): Explanation {
  if (endpointThen === null) return explainUnknown(event, endpoint);
  return (
    explainKind(event, endpointThen, endpoint) ??
    explainSubscription(event, endpointThen) ??
    explainFilter(event, endpointThen.filter) ??
    notMatched('not_kept', 'By what is kept the endpoint was to get it, but no delivery of it is kept.')
  );
}

function notMatched(rule: ExplanationRule, sentence: string): Explanation {
  return { outcome: 'not_matched', rule, sentence };
}

function explainUnknown({ createdAt }: ExplainedEvent, endpoint: EndpointNow): Explanation {
  if (endpoint.deletedAt !== null && endpoint.deletedAt <= createdAt) return deletedBefore(endpoint);
  return endpoint.createdAt > createdAt
    ? notMatched('created_later', `The endpoint was created later, at ${endpoint.createdAt.toISOString()}.`)
    : notMatched('not_kept', 'What the endpoint was when the event came is not kept any more.');
}

function explainKind(
  { event, dataText, isTest }: ExplainedEvent,
  endpointThen: EndpointThen,
  endpoint: EndpointNow,
): Explanation | null {
  if (endpointThen.isDeleted) return deletedBefore(endpoint);
  if (isTest) return notMatched('only_one_endpoint', 'A test goes to the one endpoint that is tested.');
  if (!isOperationalEvent(event)) return null;
  if (endpoint.customerId !== null)
    return notMatched('operators_only', `${event} goes to endpoints of the operator only.`);
  const { endpoint_id: about }: { readonly endpoint_id?: unknown } = JSON.parse(dataText);
  return about === endpoint.id
    ? notMatched(
        'about_itself',
        'No endpoint is told of itself: what it fails to get would be told of again.',
      )
    : null;
}

function deletedBefore({ deletedAt }: EndpointNow): Explanation {
  const at = deletedAt === null ? '' : `, at ${deletedAt.toISOString()}`;
  return notMatched('deleted_before', `The endpoint had been deleted before${at}.`);
}

function explainSubscription({ event, optIn }: ExplainedEvent, { events }: EndpointThen): Explanation | null {
  const isIn = (entries: readonly string[]) => events.some((entry) => entries.includes(entry));
  if (isIn(filterEntriesSelecting(event, { optIn }))) return null;
  const took = `took ${events.join(', ')}`;
  return isIn(filterEntriesSelecting(event, { optIn: false }))
    ? notMatched('opt_in', `${event} goes only to endpoints that name it in full; this one ${took}.`)
    : notMatched('not_subscribed', `The endpoint ${took}, which does not include ${event}.`);
}

const SHOWN_VALUES = 5;

function explainFilter(event: ExplainedEvent, filter: DataFilter | null): Explanation | null {
  if (filter === null) return null;
  if (event.erasedAt !== null)
    return notMatched(
      'filtered',
      `The endpoint’s filter let only some events through, by ${Object.keys(filter).join(', ')}; what ` +
        `this one had there is erased.`,
    );
  const miss = filterMiss(filter, searchTokensOf(event.dataText, Object.keys(filter)));
  if (miss !== null)
    return notMatched(
      'filtered',
      `The endpoint’s filter let only events through whose ${miss.member} is ${listed(miss.values)}; ` +
        `${has(miss.token, { isHidden: event.sensitive.includes(miss.member) })}.`,
    );
  const unnamed = Object.keys(filter).find((member) => !event.searchable.includes(member));
  if (unnamed === undefined) return null;
  return notMatched(
    'filtered',
    `The endpoint’s filter looked at ${unnamed}, which ${event.event} does not name as ` +
      `searchable, so that none passed.`,
  );
}

function has(token: string | null, { isHidden }: { readonly isHidden: boolean }): string {
  if (token === null) return 'this one has none';
  return isHidden ? 'this one’s is sensitive and not shown' : `this one’s is ${token}`;
}

function listed(values: readonly string[]): string {
  const more = values.length - SHOWN_VALUES;
  return `${values.slice(0, SHOWN_VALUES).join(' or ')}${more > 0 ? ` or one of ${more} others` : ''}`;
}
