import type { components } from '../../../../clients/typescript/schema.ts';

type AuditEntry = components['schemas']['AuditEntry'];
/** What the audit log says of a change. */
export type Change = Pick<AuditEntry, 'action' | 'created_at' | 'changed'>;

/** How long something stood in one state; times in milliseconds. */
export interface Stretch<S extends string> {
  readonly state: S;
  readonly from: number;
  readonly to: number;
}

/** How changes lead from one state to another. */
interface Rules<S extends string> {
  /** That of a new endpoint. */
  readonly first: S;
  readonly after: (state: S, change: Change) => S;
  /** What a change says of the time before it, by its action. */
  readonly before: Readonly<Record<string, S>>;
}

const CREATIONS = ['endpoint.create', 'endpoint.put', 'endpoint.import'];

type BreakerState = 'closed' | 'open' | 'half_open';

/** A person who resumes an endpoint, or gives it another URL, has an open breaker try at once. */
export const BREAKER_RULES: Rules<BreakerState> = {
  first: 'closed',
  after: (state, { action, changed }) => {
    switch (action) {
      case 'endpoint.breaker_open':
      case 'endpoint.breaker_reopen':
        return 'open';
      case 'endpoint.breaker_probe':
        return 'half_open';
      case 'endpoint.breaker_close':
      case 'endpoint.enable':
      case 'endpoint.verified':
        return 'closed';
      case 'endpoint.resume':
        return state === 'open' ? 'half_open' : state;
      default:
        return state === 'open' && changed.includes('url') ? 'half_open' : state;
    }
  },
  before: {
    'endpoint.breaker_open': 'closed',
    'endpoint.breaker_reopen': 'half_open',
    'endpoint.breaker_probe': 'open',
    'endpoint.breaker_close': 'half_open',
  },
};

type SwitchState = 'enabled' | 'paused' | 'disabled';

/** What pausing, disabling and their opposites lead to. */
export const SWITCH_RULES: Rules<SwitchState> = {
  first: 'enabled',
  after: (state, { action }) => {
    switch (action) {
      case 'endpoint.pause':
        return 'paused';
      case 'endpoint.disable':
        return 'disabled';
      case 'endpoint.enable':
      case 'endpoint.verified':
        return 'enabled';
      case 'endpoint.resume':
        return state === 'paused' ? 'enabled' : state;
      default:
        return state;
    }
  },
  before: { 'endpoint.pause': 'enabled', 'endpoint.disable': 'enabled', 'endpoint.enable': 'disabled' },
};

interface CourseOptions<S extends string> {
  readonly rules: Rules<S>;
  /** That of this moment. */
  readonly now: S;
  readonly from: number;
  readonly to: number;
}

/**
 * The states in a time, oldest first. An entry may be written a moment after what came of its change; so what is known
 * of this moment counts, whatever was written last.
 * @param changes all that are known, oldest first
 */
export function courseOf<S extends string>(
  changes: readonly Change[],
  { rules, now, from, to }: CourseOptions<S>,
): readonly Stretch<S>[] {
  let state = firstOf(changes, rules, now);
  const starts = [{ state, at: from }];
  for (const change of changes) {
    const next = rules.after(state, change);
    if (next !== state) starts.push({ state: next, at: Math.min(Math.max(timeOf(change), from), to) });
    state = next;
  }
  const course = starts.map((start, place) => ({
    state: place === starts.length - 1 ? now : start.state,
    from: start.at,
    to: starts[place + 1]?.at ?? to,
  }));
  return joined(course.filter((stretch) => stretch.to > stretch.from));
}

function timeOf({ created_at: at }: Change): number {
  return Date.parse(at);
}

function joined<S extends string>(course: readonly Stretch<S>[]): readonly Stretch<S>[] {
  const out: Stretch<S>[] = [];
  for (const stretch of course) {
    const last = out.at(-1);
    if (last?.state === stretch.state) out.splice(-1, 1, { ...last, to: stretch.to });
    else out.push(stretch);
  }
  return out;
}

function firstOf<S extends string>(changes: readonly Change[], rules: Rules<S>, now: S): S {
  if (CREATIONS.includes(changes[0]?.action ?? '')) return rules.first;
  const telling = changes.find(({ action }) => action in rules.before);
  return telling === undefined ? now : (rules.before[telling.action] ?? now);
}
