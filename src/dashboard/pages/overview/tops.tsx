import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { placeOf } from '../../data/endpoints.ts';
import { Section } from '../../parts/basics/page.tsx';
import { Failed, Skeleton } from '../../parts/basics/states.tsx';
import { Bars } from '../../parts/data/bars.tsx';
import { HELD_BY } from '../delivery/held-by.ts';
import { capped } from './figures.tsx';
import css from './overview.module.css';
import { type Now, type Top, type TopSubject, useTop } from './use-figures.ts';

interface TopsProps {
  readonly now: Now | undefined;
  readonly isOperator: boolean;
}

/** What holds deliveries back, where failures come from, and who uses it most. */
export function Tops({ now, isOperator }: TopsProps) {
  return (
    <div className={css.two}>
      {now === undefined ? null : <HeldBy now={now} />}
      <TopList
        title="Failing endpoints"
        by="endpoint"
        of="failed"
        empty="No attempt failed."
        linkOf={endpointLink}
      />
      <TopList title="Error codes" by="error_code" of="failed" empty="No attempt failed." linkOf={codeLink} />
      {isOperator ? (
        <TopList
          title="Customers by attempts"
          by="customer"
          of="attempts"
          empty="No attempt was made."
          linkOf={customerLink}
        />
      ) : null}
      <TopList
        title="Event types by attempts"
        by="event"
        of="attempts"
        empty="No attempt was made."
        linkOf={eventLink}
      />
    </div>
  );
}

function HeldBy({ now: { held, held_by: reasons } }: { readonly now: Now }) {
  const rows = Object.entries(reasons)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => ({ name: reason, count, title: HELD_BY[reason] ?? reason }));
  return (
    <Section
      title={`Held now, by what holds them${held.capped ? `, of the first ${capped(held)}` : ''}`}
      panel
    >
      <Bars rows={rows} empty="Nothing is held." />
    </Section>
  );
}

type Item = Top['items'][number];

interface TopListProps {
  readonly title: string;
  readonly by: TopSubject;
  readonly of: 'attempts' | 'failed';
  readonly empty: string;
  readonly linkOf: (item: Item) => ReactNode;
}

function TopList({ title, by, of, empty, linkOf }: TopListProps) {
  const { data, error, refetch } = useTop(by, of);
  const rows = data?.items
    .filter((item) => item[of] > 0)
    .map((item) => ({
      name: item.subject,
      count: item[of],
      link: linkOf(item),
      ...(item.advice === null ? {} : { title: item.advice }),
    }));
  return (
    <Section title={title} panel>
      {error === null ? null : <Failed error={error} onRetry={() => void refetch()} />}
      {rows === undefined ? (
        error === null ? (
          <Skeleton rows={3} />
        ) : null
      ) : (
        <Bars rows={rows} empty={empty} />
      )}
    </Section>
  );
}

function endpointLink({ subject, url }: Item): ReactNode {
  return (
    <Link to="/endpoints/$id" params={{ id: subject }}>
      {url === null ? subject : placeOf(url)}
    </Link>
  );
}

function codeLink({ subject }: Item): ReactNode {
  return (
    <Link to="/deliveries" search={(before) => ({ ...before, error_code: subject })}>
      {subject}
    </Link>
  );
}

function customerLink({ subject }: Item): ReactNode {
  return (
    <Link to="/deliveries" search={(before) => ({ ...before, customer_id: subject })}>
      {subject}
    </Link>
  );
}

function eventLink({ subject }: Item): ReactNode {
  return (
    <Link to="/deliveries" search={(before) => ({ ...before, event: subject })}>
      {subject}
    </Link>
  );
}
