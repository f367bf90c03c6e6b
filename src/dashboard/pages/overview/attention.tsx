import { useSearch } from '@tanstack/react-router';
import { useMay } from '../../app/session.ts';
import { answerOf, api } from '../../data/api.ts';
import { serverNow } from '../../data/clock.ts';
import { useIsLive } from '../../data/live/is-live.ts';
import { present } from '../../data/search.ts';
import type { Endpoint } from '../../data/types.ts';
import { useQuery } from '../../data/use-query.ts';
import { Icon } from '../../parts/basics/icon.tsx';
import { Section } from '../../parts/basics/page.tsx';
import { Failed, Skeleton } from '../../parts/basics/states.tsx';
import { type ApiKey, keyNeed, needsOf, nowNeeds } from './needs.tsx';
import css from './overview.module.css';
import type { Now } from './use-figures.ts';

const REFRESH_MS = 5_000;
const KEYS_STALE_MS = 60_000;
/** Keys that expire sooner are told of. */
const KEYS_SOON_MS = 604_800_000;

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
  const keys = useKeysThatExpire();
  const needs = [...nowNeeds(now), ...(data ?? []).flatMap(needsOf), ...keys.map(keyNeed)];
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

/** Endpoints that are not plainly enabled or fail, and those whose secret is being rotated. */
async function troubled(customerId: string | undefined): Promise<readonly Endpoint[]> {
  const filters = [
    { breaker_state: 'open' },
    { breaker_state: 'half_open' },
    { status: 'disabled' },
    { status: 'paused' },
    { failing: 'true' },
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

/** Keys that expire soon; whoever may not see keys has none. */
function useKeysThatExpire(): readonly ApiKey[] {
  const mayOperate = useMay('operate');
  const { customer_id } = useSearch({ strict: false });
  const { data } = useQuery({
    queryKey: ['keys-that-expire', customer_id],
    queryFn: () => {
      const query = present({ customer_id, limit: 100 });
      return answerOf(api.GET('/v1/api-keys', { params: { query } }));
    },
    enabled: mayOperate,
    staleTime: KEYS_STALE_MS,
  });
  const now = serverNow();
  return (data?.items ?? []).filter(({ revoked_at: revoked, expires_at: at }) => {
    const left = at === null ? Number.POSITIVE_INFINITY : Date.parse(at) - now;
    return revoked === null && left > 0 && left < KEYS_SOON_MS;
  });
}
