import { useSearch } from '@tanstack/react-router';
import { answerOf, api } from '../../data/api.ts';
import { useNow } from '../../data/clock.ts';
import { useRefreshMs } from '../../data/live/connection.ts';
import { RANGES } from '../../data/search.ts';
import type { Endpoint } from '../../data/types.ts';
import { useQuery } from '../../data/use-query.ts';
import { Section } from '../../parts/basics/page.tsx';
import { Failed, Skeleton } from '../../parts/basics/states.tsx';
import { clockText, durationText } from '../../parts/basics/time.tsx';
import css from './standing-bands.module.css';
import { BREAKER_RULES, type Change, courseOf, type Stretch, SWITCH_RULES } from './standing-course.ts';

const CHANGES_REFRESH_MS = 15_000;
const MOST_CHANGES = 100;

/** What held an endpoint back over the range, by what the audit log has of it: its breaker, pauses, disablings. */
export function StandingBands({ endpoint }: { readonly endpoint: Endpoint }) {
  const { range = '24h' } = useSearch({ strict: false });
  const query = useChanges(endpoint);
  const to = useNow();
  const { data, error } = query;
  if (data === undefined)
    return error === null ? (
      <Skeleton rows={2} />
    ) : (
      <Failed error={error} onRetry={() => void query.refetch()} />
    );
  const begins = to - RANGES[range];
  const from = Math.max(begins, Date.parse(endpoint.created_at), data.knownSince);
  const span = { begins, from, to };
  const { breaker_state: breaker, status } = endpoint;
  return (
    <Section title={`What held it back, last ${range}`} panel>
      <div className={css.bands}>
        <Band
          name="Breaker"
          course={courseOf(data.changes, { rules: BREAKER_RULES, now: breaker, from, to })}
          span={span}
        />
        <Band
          name="Switch"
          course={courseOf(data.changes, { rules: SWITCH_RULES, now: status, from, to })}
          span={span}
        />
        <p className={css.axis}>
          <span>{clockText(begins)}</span>
          <span>{clockText(to)}</span>
        </p>
        {data.knownSince > begins ? (
          <p className={css.note}>
            Before {clockText(data.knownSince)} there were further changes; the audit log has them.
          </p>
        ) : null}
      </div>
    </Section>
  );
}

interface Changes {
  /** Oldest first. */
  readonly changes: readonly Change[];
  /** From when on there are no others; 0 where these are all. */
  readonly knownSince: number;
}

function useChanges({ id, breaker_state, status }: Endpoint) {
  const refetchInterval = useRefreshMs(CHANGES_REFRESH_MS);
  return useQuery<Changes>({
    queryKey: ['endpoint-changes', id, breaker_state, status],
    queryFn: async () => {
      const query = { subject_id: id, limit: MOST_CHANGES };
      const { items, next_cursor: next } = await answerOf(api.GET('/v1/audit', { params: { query } }));
      const changes = [...items].reverse();
      return { changes, knownSince: next === null ? 0 : Date.parse(changes[0]?.created_at ?? '') };
    },
    refetchInterval,
  });
}

interface BandProps {
  readonly name: string;
  readonly course: readonly Stretch<string>[];
  /** The time that the band stands for, and from when on it is known. */
  readonly span: { readonly begins: number; readonly from: number; readonly to: number };
}

/** A course as a band, and as a sentence beside it. */
function Band({ name, course, span: { begins, from, to } }: BandProps) {
  const share = (ms: number) => `${(ms / (to - begins)) * 100}%`;
  return (
    <div className={css.band}>
      <span>{name}</span>
      <span className={css.track} aria-hidden="true">
        {course.map((stretch) => (
          <span
            key={stretch.from}
            className={css[stretch.state]}
            title={`${wordOf(stretch.state)} ${clockText(stretch.from)} to ${clockText(stretch.to)}`}
            style={{ left: share(stretch.from - begins), width: share(stretch.to - stretch.from) }}
          />
        ))}
      </span>
      <span className={css.text}>{courseText(course, to - from)}</span>
    </div>
  );
}

/** Each state but the usual one: how often, and how long in all. */
function courseText(course: readonly Stretch<string>[], all: number): string {
  const states = [...new Set(course.map(({ state }) => state))];
  if (states.length === 1 && states[0] !== undefined) return `${wordOf(states[0])} for ${durationText(all)}`;
  return states
    .filter((state) => state !== 'closed' && state !== 'enabled')
    .map((state) => {
      const stretches = course.filter((stretch) => stretch.state === state);
      const ms = stretches.reduce((sum, { from, to }) => sum + to - from, 0);
      return `${wordOf(state)} ${timesText(stretches.length)}, ${durationText(ms)} in all`;
    })
    .join('; ');
}

function wordOf(state: string): string {
  return state.replace('_', ' ');
}

function timesText(count: number): string {
  return { 1: 'once', 2: 'twice' }[count] ?? `${count.toLocaleString()} times`;
}
