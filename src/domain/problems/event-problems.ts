import type { ProblemText } from './problem-text.ts';

/** Why an event or an event type is refused. */
export const EVENT_PROBLEMS = {
  unknown_event_type: {
    title: 'The event type is not known',
    meaning: 'No event type of this name is registered.',
    advice: 'Check the spelling at GET /v1/event-types, or ask the operator to register it.',
  },
  reserved_event_type: {
    title: 'The event type is reserved',
    meaning: 'Posthorn itself sends events of this type.',
    advice: 'Choose a type of your own.',
  },
  broadcast_not_allowed: {
    title: 'The event cannot go to everybody',
    meaning: 'Only operators can send to every customer, and only events of broadcast types.',
    advice: 'Name the customer, or publish an event of a broadcast type with an operator’s key.',
  },
  broadcast_not_explicit: {
    title: 'Reaching every customer has to be said',
    meaning: 'customer_id is null, which is also what clients send for what was forgotten.',
    advice: 'Name the customer, or say "broadcast": true.',
  },
  broadcast_with_customer: {
    title: 'The event is for everybody and for one customer',
    meaning: 'A broadcast goes to every customer, and customer_id names one.',
    advice: 'Leave one of the two out.',
  },
  data_too_large: {
    title: 'The data of the event is too large',
    meaning: '`data` has more bytes than an event may have.',
    advice: 'Send what receivers need to know and a link to the rest.',
  },
  publish_too_wide: {
    title: 'The batch makes too many deliveries',
    meaning:
      'Its events go to so many endpoints that they would be more than 20,000 deliveries, which are accepted together.',
    advice: 'Publish the events in smaller batches, or one by one.',
  },
  deliver_at_past: {
    title: 'The time of delivery lies in the past',
    meaning: 'deliver_at must lie in the future.',
    advice: 'Leave deliver_at out to deliver at once.',
  },
  deliver_at_too_far: {
    title: 'The time of delivery lies too far ahead',
    meaning: 'deliver_at may lie at most a year ahead.',
    advice: 'Publish it later.',
  },
  idempotency_key_invalid: {
    title: 'The idempotency key cannot be used',
    meaning: 'A key is 1 to 255 visible ASCII characters.',
    advice: 'Use a UUID or an id of your own.',
  },
  idempotency_key_misplaced: {
    title: 'The idempotency key stands in the wrong place',
    meaning: 'In a batch each event has a key of its own.',
    advice: 'Leave the header out and give each event its idempotency_key.',
  },
  idempotency_key_reused: {
    title: 'The idempotency key was used for another request',
    meaning: 'A request with the same key and another body was accepted before.',
    advice: 'Use another key for another event; repeat a request unchanged.',
  },
  idempotency_key_in_use: {
    title: 'The first request with this key is under way',
    meaning: 'A request with the same key has not been answered yet.',
    advice: 'Repeat the request in a moment; it gets the first answer.',
  },
  idempotency_outcome_unknown: {
    title: 'It is not known what came of the first request with this key',
    meaning: 'The process that carried out the first request ended before it noted the answer.',
    advice: 'See whether the first request was carried out; where it was not, repeat it with another key.',
  },
  event_not_scheduled: {
    title: 'The event is not scheduled',
    meaning: 'Only events that wait for deliver_at can be cancelled.',
    advice: 'Cancel its deliveries one by one.',
  },
  event_type_exists: {
    title: 'The event type exists already',
    meaning: 'A type of this name is registered.',
    advice: 'Change it by PATCH, or choose another name.',
  },
  event_type_built_in: {
    title: 'The event type is built in',
    meaning: 'Types that come with Posthorn cannot be changed or deleted.',
    advice: 'Register a type of your own.',
  },
  event_type_in_use: {
    title: 'Endpoints name the event type',
    meaning: 'A type cannot be deleted while endpoints subscribe to it by name.',
    advice: 'Change these endpoints first.',
  },
  invalid_schema: {
    title: 'The JSON Schema cannot be used',
    meaning: 'It is not valid by draft 2020-12, or leads in a circle.',
    advice: 'Correct it as `detail` says.',
  },
  schema_unusable: {
    title: 'The JSON Schema of the type cannot be evaluated',
    meaning: 'The registered schema leads in a circle on this data.',
    advice: 'Ask the operator to correct the schema of the event type.',
  },
  invalid_data_text: {
    title: 'The text is no JSON object',
    meaning: 'data_text must be the JSON text of an object.',
    advice: 'Give the exact text of an object, or use data.',
  },
  data_or_data_text: {
    title: 'Data is given twice or not at all',
    meaning: 'Either data or data_text says what is signed.',
    advice: 'Give one of the two.',
  },
} as const satisfies Readonly<Record<string, ProblemText>>;
