import type { ProblemText } from './problem-text.ts';

/** What goes beyond what one request, one key or one customer may use. */
export const LIMIT_PROBLEMS = {
  body_incomplete: {
    title: 'The body does not come to its end',
    meaning: 'The connection ended before all of the body was there.',
    advice: 'Send it again.',
  },
  too_many_bytes_under_way: {
    title: 'Too many bytes of bodies are under way',
    meaning:
      'The requests of one key, or of everybody without one, may hold only so many bytes of bodies at a time.',
    advice: 'Wait for answers before sending more large bodies, or split batches.',
  },
  bodies_under_way: {
    title: 'The server holds too many bytes of bodies',
    meaning: 'The bodies of all requests together may take only so much memory of a process.',
    advice: 'Send it again after Retry-After seconds, with an idempotency key where it publishes.',
  },
  too_many_streams: {
    title: 'As many streams are open as may be',
    meaning: 'A key, and all keys together, may have only so many streams open at a time.',
    advice: 'Close those that nobody reads, or share one; try again after Retry-After seconds.',
  },
  schema_check_timeout: {
    title: 'Checking the data takes too long',
    meaning:
      'The JSON Schema of the event type takes too long on this data, as patterns and uniqueItems can.',
    advice:
      'Send less data, or ask the operator for a schema that needs no backtracking and compares fewer items.',
  },
  diagnosis_timeout: {
    title: 'The diagnosis takes too long',
    meaning: 'What happened to this request could not be found out in time.',
    advice: 'Try it with a shorter body.',
  },
  endpoint_limit_reached: {
    title: 'The customer has as many endpoints as it may',
    meaning: 'The operator sets how many endpoints a customer may have.',
    advice: 'Delete one that is not needed, or ask the operator to raise the limit.',
  },
  key_limit_reached: {
    title: 'The customer has as many API keys as it may',
    meaning: 'The operator sets how many keys, neither revoked nor expired, a customer may have.',
    advice: 'Revoke one that is not needed, or raise the limit.',
  },
  event_type_limit_reached: {
    title: 'As many event types are registered as may be',
    meaning: 'The operator sets how many event types may be registered.',
    advice: 'Delete one that is not needed, or raise the limit.',
  },
  scheduled_limit_reached: {
    title: 'The customer has as many scheduled events as it may',
    meaning: 'The operator sets how many events of a customer may wait for their `deliver_at`.',
    advice: 'Cancel some, publish later, or ask the operator to raise the limit.',
  },
  test_limit_reached: {
    title: 'The customer has as many tests under way as it may',
    meaning: 'Tests of endpoints wait for an answer, and the operator sets how many may do so at a time.',
    advice: 'Wait until one of them is answered.',
  },
} as const satisfies Readonly<Record<string, ProblemText>>;
