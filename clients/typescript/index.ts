/** The library of producers, and of whoever else talks to the API. */
export { JsonText } from './json-text.ts';
export type { ItemOf, ListOptions, ListPath } from './lists.ts';
export { type Drained, drainOutbox, type OutboxEntry, type OutboxStore } from './outbox.ts';
export { addToOutbox, OUTBOX_TABLE, postgresOutbox, type Queryable } from './postgres-outbox.ts';
export {
  type AcceptedEvent,
  type NewBatchEvent,
  type NewEvent,
  Posthorn,
  type PosthornOptions,
} from './posthorn.ts';
export { PosthornProblem, PosthornUnreachable, type Problem } from './problem.ts';
export type { RetryOptions } from './retrying-fetch.ts';
export type { components, operations, paths } from './schema.ts';
