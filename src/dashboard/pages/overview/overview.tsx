import { useSearch } from '@tanstack/react-router';
import { useCaller } from '../../app/session.ts';
import { Page } from '../../parts/basics/page.tsx';
import { Attention } from './attention.tsx';
import { Charts } from './charts.tsx';
import { Checklist } from './checklist.tsx';
import { Figures } from './figures.tsx';
import { Tops } from './tops.tsx';
import { useNowFigures, useSums } from './use-figures.ts';

const NAMES = {
  '1h': 'last hour',
  '24h': 'last 24 hours',
  '7d': 'last 7 days',
  '30d': 'last 30 days',
} as const;

/** What needs somebody, then how things go in the range; each card fails by itself. */
export function OverviewPage() {
  const { customer_id, range = '24h' } = useSearch({ strict: false });
  const { data: stats } = useSums();
  const { data: now } = useNowFigures();
  const isOperator = useCaller()?.kind === 'operator';
  const isNew = stats?.deliveries.total === 0 && stats.attempts.total === 0 && now?.held.count === 0;
  return (
    <Page
      title="Overview"
      lead={`${customer_id ?? (isOperator ? 'All customers' : 'Your endpoints')}, ${NAMES[range]}.`}
    >
      {isNew ? <Checklist /> : null}
      <Attention now={now} />
      {isNew ? null : (
        <>
          <Figures />
          <Charts />
          <Tops now={now} isOperator={isOperator} />
        </>
      )}
    </Page>
  );
}
