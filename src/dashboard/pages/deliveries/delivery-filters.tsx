import type { ReactNode } from 'react';
import { DATA_LABEL } from '../../data/data-filter.ts';
import { useEventTypes } from '../../data/endpoints.ts';
import { useEndpointText } from '../../parts/basics/endpoint-name.tsx';
import { FilterBar, FilterChip, FilterSelect, FilterText } from '../../parts/data/list.tsx';

interface Filter {
  readonly event?: string | undefined;
  readonly event_id?: string | undefined;
  readonly endpoint_id?: string | undefined;
  readonly error_code?: string | undefined;
  /** Members of the data of the event, as they are typed. */
  readonly data?: string | undefined;
}

interface Props {
  readonly filter: Filter;
  readonly onChange: (change: Filter) => void;
  /** Filters that stand before the others. */
  readonly children?: ReactNode;
}

/** What a list of deliveries is restricted to; all of it stands in the address. */
export function DeliveryFilters({ filter, onChange, children }: Props) {
  const types = useEventTypes();
  return (
    <FilterBar>
      {children}
      <FilterSelect
        label="Event"
        value={filter.event}
        choices={types.map((name) => ({ value: name, text: name }))}
        onChange={(event) => onChange({ event })}
      />
      <FilterText
        label="Error code"
        value={filter.error_code}
        onChange={(error_code) => onChange({ error_code })}
      />
      <FilterText label={DATA_LABEL} value={filter.data} onChange={(data) => onChange({ data })} />
      <FilterText label="Event id" value={filter.event_id} onChange={(event_id) => onChange({ event_id })} />
      {filter.endpoint_id === undefined ? null : (
        <EndpointFilterChip id={filter.endpoint_id} onRemove={() => onChange({ endpoint_id: undefined })} />
      )}
    </FilterBar>
  );
}

function EndpointFilterChip({ id, onRemove }: { readonly id: string; readonly onRemove: () => void }) {
  return <FilterChip name="Endpoint" value={useEndpointText(id)} onRemove={onRemove} />;
}
