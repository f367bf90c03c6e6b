import { useState } from 'react';
import { useMay } from '../../app/session.ts';
import type { ReplayFilter } from '../../data/replay.ts';
import type { DeliveryStatus } from '../../data/types.ts';
import { Button } from '../../parts/basics/button.tsx';
import css from './selection-bar.module.css';
import { SendAgain } from './send-again.tsx';

/** States that a replay sends again; what has not ended goes on by itself. */
const ENDED = ['delivered', 'dead', 'skipped'] as const;
type Ended = (typeof ENDED)[number];

/** The filter of the list, as it stands in the address. */
export interface ListFilter extends Omit<ReplayFilter, 'ids' | 'status'> {
  readonly status?: string | undefined;
}

interface Props {
  readonly keys: ReadonlySet<string>;
  readonly onClear: () => void;
  readonly filter: ListFilter;
  /** How many the filter selects, in words. */
  readonly total: string | undefined;
}

/** What can be done with the rows that somebody chose, or with all that match, not the page in view alone. */
export function SelectionBar({ keys, onClear, filter, total }: Props) {
  const mayRetry = useMay('retry');
  const [asked, setAsked] = useState<ReplayFilter | null>(null);
  if (!mayRetry) return null;
  return (
    <section className={css.bar} aria-label="Selection">
      <span role="status">
        {keys.size === 0 ? 'Nothing is selected.' : `${keys.size.toLocaleString()} selected.`}
      </span>
      {keys.size === 0 ? null : (
        <>
          <Button small icon="replays" onClick={() => setAsked({ ids: [...keys] })}>
            Send selected again…
          </Button>
          <Button small look="quiet" onClick={onClear}>
            Clear the selection
          </Button>
        </>
      )}
      <Button small onClick={() => setAsked(filterOf(filter))} refusal={refusalOf(filter.status)}>
        Send all {total ?? ''} matching again…
      </Button>
      <SendAgain filter={asked} customerId={filter.customer_id} onClose={() => setAsked(null)} />
    </section>
  );
}

function isEnded(status: string): status is Ended {
  return ENDED.some((ended) => ended === status);
}

function filterOf({ status, ...filter }: ListFilter): ReplayFilter {
  return status !== undefined && isEnded(status) ? { ...filter, status: [status] } : filter;
}

function refusalOf(status: DeliveryStatus | string | undefined): string | null {
  if (status === undefined || isEnded(status)) return null;
  return 'Only what has ended can be sent again; these go on by themselves';
}
