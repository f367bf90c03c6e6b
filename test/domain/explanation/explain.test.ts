import { describe, expect, it } from '@jest/globals';
import { adviceFor } from '../../../src/domain/error-code.ts';
import { explain } from '../../../src/domain/explanation/explain.ts';
import type {
  DeliveryNow,
  EndpointNow,
  EndpointThen,
  ExplainedEvent,
} from '../../../src/domain/explanation/explained.ts';
import { HOLD_REASONS } from '../../../src/domain/hold-reason.ts';

const CAME = new Date('2030-01-02T03:04:05Z');
const BEFORE = new Date('2030-01-01T00:00:00Z');
const LATER = new Date('2030-01-03T00:00:00Z');
const event: ExplainedEvent = {
  event: 'job.completed',
  dataText: '{"job_id":"J-7","project":"p9"}',
  isTest: false,
  createdAt: CAME,
  cancelledAt: null,
  erasedAt: null,
  optIn: false,
  searchable: ['job_id', 'project'],
  sensitive: [],
};
const state = { status: 'enabled', disabledReason: null, since: BEFORE, by: null, reason: null } as const;
const endpoint: EndpointNow = {
  ...state,
  id: 'ep_1',
  customerId: 'acme',
  createdAt: BEFORE,
  deletedAt: null,
  probeAt: null,
};
const endpointThen: EndpointThen = {
  ...state,
  url: 'https://receiver.example/',
  events: ['*'],
  filter: null,
  breakerState: 'closed',
  isDeleted: false,
};
const delivery: DeliveryNow = {
  id: 'del_1',
  status: 'delivered',
  attemptsMade: 1,
  lastErrorCode: null,
  deadReason: null,
  dueAt: null,
  finishedAt: CAME,
  heldBy: null,
  behind: null,
};

interface Given {
  readonly event?: Partial<ExplainedEvent>;
  readonly endpoint?: Partial<EndpointNow>;
  readonly was?: Partial<EndpointThen> | null;
  readonly delivery?: Partial<DeliveryNow>;
  readonly isToBeMade?: boolean;
}

function explained({ was = {}, ...given }: Given) {
  return explain(
    { ...event, ...given.event },
    {
      endpoint: { ...endpoint, ...given.endpoint },
      endpointThen: was === null ? null : { ...endpointThen, ...was },
      delivery: given.delivery === undefined ? null : { ...delivery, ...given.delivery },
      isToBeMade: given.isToBeMade ?? false,
    },
  );
}

const ABSENCES: readonly (readonly [rule: string, given: Given, sentence: string])[] = [
  [
    'created_later',
    { was: null, endpoint: { createdAt: LATER } },
    'The endpoint was created later, at 2030-01-03T00:00:00.000Z.',
  ],
  ['not_kept', { was: null }, 'What the endpoint was when the event came is not kept any more.'],
  [
    'deleted_before',
    { was: { isDeleted: true }, endpoint: { deletedAt: BEFORE } },
    'The endpoint had been deleted before, at 2030-01-01T00:00:00.000Z.',
  ],
  [
    'deleted_before',
    { was: null, endpoint: { deletedAt: BEFORE } },
    'The endpoint had been deleted before, at 2030-01-01T00:00:00.000Z.',
  ],
  [
    'not_subscribed',
    { was: { events: ['job.failed', 'system.*'] } },
    'The endpoint took job.failed, system.*, which does not include job.completed.',
  ],
  [
    'opt_in',
    { event: { event: 'job.progress', optIn: true } },
    'job.progress goes only to endpoints that name it in full; this one took *.',
  ],
  [
    'not_subscribed',
    { event: { event: 'job.progress', optIn: true }, was: { events: ['api.*'] } },
    'The endpoint took api.*, which does not include job.progress.',
  ],
  [
    'filtered',
    { was: { filter: { job_id: ['J-*'], project: ['p1', 'p2'] } } },
    'The endpoint’s filter let only events through whose project is p1 or p2; this one’s is p9.',
  ],
  [
    'filtered',
    { was: { filter: { region: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] } } },
    'The endpoint’s filter let only events through whose region is a or b ' +
      'or c or d or e or one of 2 others; this one has none.',
  ],
  [
    'filtered',
    { was: { filter: { project: ['p9'] } }, event: { searchable: ['job_id'] } },
    'The endpoint’s filter looked at project, which job.completed does not name as searchable, so that none passed.',
  ],
  [
    'filtered',
    { was: { filter: { project: ['p9'] } }, event: { erasedAt: LATER, dataText: '{}' } },
    'The endpoint’s filter let only some events through, by project; what this one had there is erased.',
  ],
  ['only_one_endpoint', { event: { isTest: true } }, 'A test goes to the one endpoint that is tested.'],
  [
    'operators_only',
    { event: { event: 'endpoint.opened', dataText: '{"endpoint_id":"ep_1"}' } },
    'endpoint.opened goes to endpoints of the operator only.',
  ],
  [
    'about_itself',
    {
      event: { event: 'endpoint.opened', dataText: '{"endpoint_id":"ep_1"}' },
      endpoint: { customerId: null },
    },
    'No endpoint is told of itself: what it fails to get would be told of again.',
  ],
  ['not_kept', {}, 'By what is kept the endpoint was to get it, but no delivery of it is kept.'],
];

const DELIVERIES: readonly (readonly [
  outcome: string,
  rule: string | null,
  given: Given,
  sentence: string,
])[] = [
  ['delivered', null, {}, 'Delivered after 1 attempt, at 2030-01-02T03:04:05.000Z.'],
  [
    'delivered',
    null,
    { delivery: { attemptsMade: 2 }, was: { status: 'paused', by: 'operator', reason: 'moving house' } },
    'Delivered after 2 attempts, at 2030-01-02T03:04:05.000Z. When the event came the ' +
      'endpoint was paused since 2030-01-01T00:00:00.000Z, by operator: “moving house”.',
  ],
  [
    'delivered',
    null,
    { was: { breakerState: 'open' }, event: { erasedAt: LATER } },
    'Delivered after 1 attempt, at 2030-01-02T03:04:05.000Z. When the event came the circuit breaker ' +
      'of the endpoint was open. What it carried was erased at 2030-01-03T00:00:00.000Z.',
  ],
  [
    'dead',
    'retries_exhausted',
    {
      delivery: {
        status: 'dead',
        attemptsMade: 4,
        lastErrorCode: 'timeout',
        deadReason: 'retries_exhausted',
      },
    },
    `Dead: all its retries failed (4 attempts, the last with timeout). ${adviceFor('timeout')}`,
  ],
  [
    'cancelled',
    'cancelled',
    { delivery: { status: 'cancelled', attemptsMade: 2 } },
    'Cancelled after 2 attempts by hand, at 2030-01-02T03:04:05.000Z.',
  ],
  [
    'cancelled',
    'event_cancelled',
    { delivery: { status: 'cancelled', attemptsMade: 0 }, event: { cancelledAt: CAME } },
    'Cancelled after 0 attempts, because its event was cancelled, at 2030-01-02T03:04:05.000Z.',
  ],
  [
    'cancelled',
    'erased',
    { delivery: { status: 'cancelled' }, event: { erasedAt: CAME } },
    'Cancelled after 1 attempt: what the event carried was erased, at 2030-01-02T03:04:05.000Z.',
  ],
  [
    'cancelled',
    'endpoint_deleted',
    { delivery: { status: 'cancelled' }, endpoint: { deletedAt: CAME } },
    'Cancelled after 1 attempt, because its endpoint was deleted, at 2030-01-02T03:04:05.000Z.',
  ],
  [
    'skipped',
    'gone',
    {
      delivery: { status: 'skipped', attemptsMade: 0 },
      was: { status: 'disabled', disabledReason: 'gone' },
      endpoint: { since: LATER },
    },
    'Skipped: the endpoint was disabled since 2030-01-01T00:00:00.000Z, because it answered 410 Gone.',
  ],
  [
    'skipped',
    'by_hand',
    {
      delivery: { status: 'skipped' },
      was: { status: 'disabled', disabledReason: 'by_hand', by: 'operator', reason: 'moving house' },
    },
    'Skipped: the endpoint was disabled since 2030-01-01T00:00:00.000Z, by operator: “moving house”.',
  ],
  [
    'skipped',
    'by_hand',
    { delivery: { status: 'skipped' }, was: null },
    'Skipped: the endpoint was disabled when the event came.',
  ],
  ['waiting', 'queued', { delivery: { status: 'queued' } }, 'Waits for a worker to send it.'],
  ['waiting', 'sending', { delivery: { status: 'sending', attemptsMade: 2 } }, 'Attempt 2 is under way.'],
  [
    'waiting',
    'scheduled',
    { delivery: { status: 'scheduled', dueAt: LATER } },
    'Scheduled for 2030-01-03T00:00:00.000Z.',
  ],
  [
    'waiting',
    'retrying',
    { delivery: { status: 'retrying', lastErrorCode: 'http_503', dueAt: LATER } },
    `1 attempt failed, the last with http_503; the next is due at 2030-01-03T00:00:00.000Z. ${adviceFor('http_503')}`,
  ],
  [
    'waiting',
    'order',
    { delivery: { status: 'held', heldBy: 'order', behind: 'del_0' } },
    'Held: the endpoint keeps the order, and del_0 comes first.',
  ],
  [
    'waiting',
    'breaker',
    { delivery: { status: 'held', heldBy: 'breaker' }, endpoint: { probeAt: LATER } },
    'Held: the circuit breaker of the endpoint is open; one attempt is made at ' +
      '2030-01-03T00:00:00.000Z, and what is held goes once that succeeds.',
  ],
];

describe('explain', () => {
  it.each(ABSENCES)('says what kept an event away: %s %j', (rule, given, sentence) => {
    expect(explained(given)).toEqual({ outcome: 'not_matched', rule, sentence });
  });

  it.each(DELIVERIES)('says where a delivery stands: %s, %s %j', (outcome, rule, given, sentence) => {
    expect(explained({ delivery: {}, ...given })).toEqual({ outcome, rule, sentence });
  });

  it('says that a delivery is yet to be made', () => {
    const sentence = 'Its delivery is being made: the event goes to more endpoints than are served at once.';
    expect(explained({ isToBeMade: true })).toEqual({ outcome: 'waiting', rule: 'queued', sentence });
  });

  it('has a sentence of its own for each thing that holds', () => {
    const sentences = HOLD_REASONS.map((heldBy) => {
      const { outcome, rule, sentence } = explained({ delivery: { status: 'held', heldBy } });
      expect([outcome, rule]).toEqual(['waiting', heldBy]);
      return sentence;
    });
    expect(new Set(sentences).size).toBe(HOLD_REASONS.length);
  });
});
