import type { components } from '../../../../clients/typescript/schema.ts';
import type { Endpoint } from '../../data/types.ts';

export type EndpointChanges = components['schemas']['EndpointChanges'];
type Breaker = Endpoint['breaker'];

/** The settings of an endpoint as they are typed: texts, since half a number is none. */
export interface SettingsForm {
  readonly url: string;
  readonly description: string;
  readonly events: readonly string[];
  readonly timeout: string;
  readonly maxRetries: string;
  readonly strategy: 'exponential' | 'linear' | 'fixed' | 'schedule';
  readonly initial: string;
  readonly factor: string;
  readonly most: string;
  readonly delays: string;
  readonly rate: string;
  readonly per: 'second' | 'minute' | 'hour';
  readonly concurrency: string;
  readonly ordered: boolean;
  readonly batchEvents: string;
  readonly batchWait: string;
  /** By the names of the API. */
  readonly breaker: Readonly<Record<keyof Breaker, string>>;
  readonly replayOnRecovery: boolean;
}

/** What each section of the form gets. */
export interface SectionProps {
  readonly form: SettingsForm;
  readonly set: (part: Partial<SettingsForm>) => void;
  readonly faults: Readonly<Record<string, string>>;
}

/** An endpoint as a form shows it. */
export function formOf(endpoint: Endpoint): SettingsForm {
  const { retry, rate_limit: rate, batch } = endpoint;
  return {
    url: endpoint.url,
    description: endpoint.description,
    events: endpoint.events,
    timeout: String(endpoint.timeout_ms),
    maxRetries: String(retry.max_retries ?? ''),
    strategy: retry.strategy ?? 'exponential',
    initial: String(retry.initial_ms ?? ''),
    factor: String(retry.factor ?? ''),
    most: String(retry.max_ms ?? ''),
    delays: (retry.delays_ms ?? []).join(', '),
    rate: rate === null ? '' : String(rate.limit),
    per: rate?.per ?? 'second',
    concurrency: endpoint.max_concurrency === null ? '' : String(endpoint.max_concurrency),
    ordered: endpoint.ordered,
    batchEvents: batch === null ? '' : String(batch.max_events),
    batchWait: batch === null ? '' : String(batch.max_wait_ms),
    breaker: eachOf(endpoint.breaker, String),
    replayOnRecovery: endpoint.replay_on_recovery,
  };
}

type Change = readonly [
  fields: readonly (keyof SettingsForm)[],
  member: (form: SettingsForm) => Partial<EndpointChanges>,
];

/** Which members of the API the fields stand for: only what was changed is sent. */
const CHANGES: readonly Change[] = [
  [['url'], ({ url }) => ({ url })],
  [['description'], ({ description }) => ({ description })],
  [['events'], ({ events }) => ({ events: [...events] })],
  [['timeout'], ({ timeout }) => ({ timeout_ms: Number(timeout) })],
  [['maxRetries', 'strategy', 'initial', 'factor', 'most', 'delays'], (form) => ({ retry: retryOf(form) })],
  [['rate', 'per'], ({ rate, per }) => ({ rate_limit: rate === '' ? null : { limit: Number(rate), per } })],
  [
    ['concurrency'],
    ({ concurrency }) => ({ max_concurrency: concurrency === '' ? null : Number(concurrency) }),
  ],
  [['ordered'], ({ ordered }) => ({ ordered })],
  [['batchEvents', 'batchWait'], (form) => ({ batch: batchOf(form) })],
  [['breaker'], ({ breaker }) => ({ breaker: eachOf(breaker, Number) })],
  [['replayOnRecovery'], ({ replayOnRecovery }) => ({ replay_on_recovery: replayOnRecovery })],
];

function eachOf<Name extends string, A, B>(members: Readonly<Record<Name, A>>, map: (value: A) => B) {
  const entries = Object.entries<A>(members).map(([name, value]) => [name, map(value)]);
  // Object.fromEntries forgets the names that it was given.
  return Object.fromEntries(entries) as Record<Name, B>;
}

/** What a form changes of what it began with. */
export function changesOf(form: SettingsForm, before: SettingsForm, endpoint: Endpoint): EndpointChanges {
  const changed = CHANGES.filter(([fields]) =>
    fields.some((field) => JSON.stringify(form[field]) !== JSON.stringify(before[field])),
  ).map(([, member]) => member(form));
  const changes: EndpointChanges = Object.assign({}, ...changed);
  // The form does not show it, so it stays.
  if (changes.batch != null && endpoint.batch !== null)
    return { ...changes, batch: { ...changes.batch, max_bytes: endpoint.batch.max_bytes } };
  return changes;
}

function retryOf(form: SettingsForm): NonNullable<EndpointChanges['retry']> {
  const { strategy, maxRetries } = form;
  if (strategy === 'schedule')
    return {
      strategy,
      delays_ms: form.delays
        .split(/[,\s]+/)
        .filter(Boolean)
        .map(Number),
    };
  return {
    strategy,
    max_retries: Number(maxRetries),
    initial_ms: Number(form.initial),
    max_ms: Number(form.most),
    ...(strategy === 'exponential' ? { factor: Number(form.factor) } : {}),
  };
}

function batchOf({ batchEvents, batchWait }: SettingsForm): NonNullable<EndpointChanges['batch']> | null {
  if (batchEvents === '' && batchWait === '') return null;
  return {
    max_events: Number(batchEvents || 100),
    max_wait_ms: Number(batchWait || 5_000),
    max_bytes: 262_144,
  };
}

/** The waits between attempts that a retry setting makes, without jitter. */
export function delaysOf(form: SettingsForm): readonly number[] {
  if (form.strategy === 'schedule')
    return form.delays
      .split(/[,\s]+/)
      .filter(Boolean)
      .map(Number);
  const count = Math.min(Number(form.maxRetries) || 0, 20);
  const initial = Number(form.initial) || 0;
  const most = Number(form.most) || Number.POSITIVE_INFINITY;
  return Array.from({ length: count }, (_, place) => {
    if (form.strategy === 'fixed') return initial;
    const raw =
      form.strategy === 'linear' ? initial * (place + 1) : initial * (Number(form.factor) || 1) ** place;
    return Math.min(raw, most);
  });
}
