import { Link, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { answerOf, api } from '../../data/api.ts';
import { serverNow } from '../../data/clock.ts';
import { placeOf } from '../../data/endpoints.ts';
import { useIsLive } from '../../data/live/is-live.ts';
import { present } from '../../data/search.ts';
import type { Endpoint } from '../../data/types.ts';
import { useQuery } from '../../data/use-query.ts';
import { buttonClass } from '../../parts/basics/button.tsx';
import { Icon, type IconName } from '../../parts/basics/icon.tsx';
import { Section } from '../../parts/basics/page.tsx';
import { Failed, Skeleton } from '../../parts/basics/states.tsx';
import { Countdown, Time } from '../../parts/basics/time.tsx';
import { capped } from './figures.tsx';
import css from './overview.module.css';
import type { Now } from './use-figures.ts';

const REFRESH_MS = 5_000;
/** An overlap that ends sooner is told of. */
const SOON_MS = 86_400_000;
/** Deliveries that nobody sends for so long are told of. */
const OVERDUE_MS = 60_000;

interface Need {
  readonly key: string;
  readonly tone: 'failing' | 'held' | 'waiting';
  readonly icon: IconName;
  readonly what: ReactNode;
  readonly about: ReactNode;
  readonly act: ReactNode;
}

/** What somebody should look at, worst first; and that nothing does, where it is so. */
export function Attention({ now }: { readonly now: Now | undefined }) {
  const { customer_id } = useSearch({ strict: false });
  const isLive = useIsLive();
  const query = useQuery({
    queryKey: ['attention', customer_id],
    queryFn: () => troubled(customer_id),
    refetchInterval: isLive ? REFRESH_MS : false,
  });
  const { data, error } = query;
  const needs = [...nowNeeds(now), ...(data ?? []).flatMap(needsOf)];
  return (
    <Section title="Needs attention">
      {error === null ? null : <Failed error={error} onRetry={() => void query.refetch()} />}
      {data === undefined && error === null ? <Skeleton rows={2} /> : null}
      {data === undefined ? null : (
        <div className={css.needs}>
          {needs.length === 0 ? (
            <p className={css.quiet}>
              <Icon name="delivered" /> Nothing needs you.
            </p>
          ) : null}
          {needs.map(({ key, tone, icon, what, about, act }) => (
            <article key={key} className={css.need}>
              <span className={css[tone]}>
                <Icon name={icon} />
              </span>
              <strong>{what}</strong>
              <span className={css.act}>{act}</span>
              <p>{about}</p>
            </article>
          ))}
        </div>
      )}
    </Section>
  );
}

/** Endpoints that are not plainly enabled, and those whose secret is being rotated. */
async function troubled(customerId: string | undefined): Promise<readonly Endpoint[]> {
  const filters = [
    { breaker_state: 'open' },
    { breaker_state: 'half_open' },
    { status: 'disabled' },
    { status: 'paused' },
    {},
  ];
  const pages = await Promise.all(
    filters.map((filter) => {
      const query = present({ ...filter, customer_id: customerId, limit: 50 }) as object;
      return answerOf(api.GET('/v1/endpoints', { params: { query } }));
    }),
  );
  return [
    ...new Map(pages.flatMap(({ items }) => items).map((endpoint) => [endpoint.id, endpoint])).values(),
  ];
}

function nowNeeds(now: Now | undefined): readonly Need[] {
  if (now === undefined) return [];
  return [workerNeed(now), overdueNeed(now), deadNeed(now)].filter((need) => need !== null);
}

function workerNeed({ workers }: Now): Need | null {
  if (workers !== 0) return null;
  return {
    key: 'workers',
    tone: 'failing',
    icon: 'warning',
    what: 'No worker is running',
    about: 'Events are accepted, and wait until one is started.',
    act: null,
  };
}

function overdueNeed({ oldest_due_at: due }: Now): Need | null {
  if (due === null || serverNow() - Date.parse(due) < OVERDUE_MS) return null;
  return {
    key: 'overdue',
    tone: 'waiting',
    icon: 'queued',
    what: 'Deliveries are overdue',
    about: (
      <>
        The oldest that nothing holds back is due since <Time at={due} />.
      </>
    ),
    act: (
      <Link
        to="/deliveries"
        search={(before) => ({ ...before, status: 'queued' })}
        className={buttonClass('default', true)}
      >
        Show
      </Link>
    ),
  };
}

function deadNeed({ dead }: Now): Need | null {
  if (dead.count === 0) return null;
  return {
    key: 'dead',
    tone: 'failing',
    icon: 'cross',
    what: `${capped(dead)} dead ${dead.count === 1 ? 'letter' : 'letters'}`,
    about: 'They ended undelivered. Mend the cause, then send them again.',
    act: (
      <Link to="/dead-letters" className={buttonClass('default', true)}>
        See the causes
      </Link>
    ),
  };
}

function needsOf(endpoint: Endpoint): readonly Need[] {
  return [breakerNeed(endpoint), disabledNeed(endpoint), pausedNeed(endpoint), secretNeed(endpoint)].filter(
    (need) => need !== null,
  );
}

function breakerNeed(endpoint: Endpoint): Need | null {
  if (endpoint.breaker_state === 'closed') return null;
  return {
    key: `breaker ${endpoint.id}`,
    tone: 'failing',
    icon: 'warning',
    what: `The breaker of ${placeOf(endpoint.url)} is ${endpoint.breaker_state === 'open' ? 'open' : 'half open'}`,
    about: 'It failed again and again; its deliveries are held until a probe succeeds.',
    act: <EndpointLink endpoint={endpoint} />,
  };
}

function disabledNeed(endpoint: Endpoint): Need | null {
  const { status, disabled, disabled_reason: reason } = endpoint;
  if (status !== 'disabled' || reason === 'by_hand') return null;
  return {
    key: `disabled ${endpoint.id}`,
    tone: 'failing',
    icon: 'cancelled',
    what: `${placeOf(endpoint.url)} is disabled: ${reason ?? ''}`,
    about:
      disabled === null ? null : (
        <>
          Since <Time at={disabled.since} />. What comes meanwhile is skipped.
        </>
      ),
    act: <EndpointLink endpoint={endpoint} />,
  };
}

function pausedNeed(endpoint: Endpoint): Need | null {
  const { status, paused } = endpoint;
  if (status !== 'paused') return null;
  return {
    key: `paused ${endpoint.id}`,
    tone: 'held',
    icon: 'held',
    what: `${placeOf(endpoint.url)} is paused`,
    about:
      paused === null ? null : (
        <>
          Since <Time at={paused.since} />
          {paused.reason === null ? '.' : `: “${paused.reason}”.`}
        </>
      ),
    act: <EndpointLink endpoint={endpoint} />,
  };
}

function secretNeed(endpoint: Endpoint): Need | null {
  const ends = endpoint.secret_rotation?.overlap_ends_at;
  if (ends === undefined || Date.parse(ends) - serverNow() > SOON_MS) return null;
  return {
    key: `secret ${endpoint.id}`,
    tone: 'waiting',
    icon: 'warning',
    what: `A former secret of ${placeOf(endpoint.url)} ends soon`,
    about: (
      <>
        It signs beside the new one until then: <Countdown to={ends} />.
      </>
    ),
    act: <EndpointLink endpoint={endpoint} />,
  };
}

function EndpointLink({ endpoint: { id } }: { readonly endpoint: Endpoint }) {
  return (
    <Link to="/endpoints/$id" params={{ id }} className={buttonClass('default', true)}>
      Open
    </Link>
  );
}
