import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { serverNow } from '../../data/clock.ts';
import { dataFilterOf } from '../../data/data-filter.ts';
import { afterOf, present } from '../../data/search.ts';
import { Page } from '../../parts/basics/page.tsx';
import { FilterSelect, Views, viewClass } from '../../parts/data/list.tsx';
import { DeliveryFilters } from '../deliveries/delivery-filters.tsx';
import { BulkActions } from './bulk-actions.tsx';
import { DeadLetterGroups } from './dead-letter-groups.tsx';
import { DeadLetterList } from './dead-letter-list.tsx';

const route = getRouteApi('/dead-letters');

const REASONS = [
  { value: 'retries_exhausted', text: 'retries exhausted' },
  { value: 'endpoint_gone', text: 'endpoint gone' },
  { value: 'destination_not_allowed', text: 'destination not allowed' },
  { value: 'expired', text: 'expired' },
];

/** Deliveries that ended undelivered, by what they died of; sent again by group, or all that the filter selects. */
export function DeadLettersPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { customer_id, range, flat, reason, data, ...filter } = search;
  const after = useMemo(() => afterOf(range, serverNow()), [range]);
  const selection = present({ ...filter, reason, customer_id, after, data: dataFilterOf(data) });
  const isFiltered = Object.keys(selection).length > 0;
  const clear = isFiltered ? () => void navigate({ search: {} }) : undefined;
  return (
    <Page
      title="Dead letters"
      lead="Deliveries that ended undelivered. Mend the cause, then send them again."
      actions={<BulkActions selection={selection} />}
    >
      <Views>
        <Link
          to="/dead-letters"
          search={(before) => ({ ...before, flat: undefined })}
          className={viewClass}
          activeOptions={{ exact: true }}
        >
          By cause
        </Link>
        <Link
          to="/dead-letters"
          search={(before) => ({ ...before, flat: '1' })}
          className={viewClass}
          activeOptions={{ exact: true }}
        >
          One by one
        </Link>
      </Views>
      <DeliveryFilters
        filter={search}
        onChange={(change) => void navigate({ search: (before) => present({ ...before, ...change }) })}
      >
        <FilterSelect
          label="Reason"
          value={reason}
          choices={REASONS}
          onChange={(one) => void navigate({ search: (before) => present({ ...before, reason: one }) })}
        />
      </DeliveryFilters>
      {flat === undefined ? (
        <DeadLetterGroups selection={selection} onClear={clear} />
      ) : (
        <DeadLetterList selection={selection} onClear={clear} />
      )}
    </Page>
  );
}
