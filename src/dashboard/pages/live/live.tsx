import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useEventTypes } from '../../data/endpoints.ts';
import { useConnection } from '../../data/live/connection.ts';
import { present } from '../../data/search.ts';
import { Button, buttonClass } from '../../parts/basics/button.tsx';
import { EndpointName } from '../../parts/basics/endpoint-name.tsx';
import { Page } from '../../parts/basics/page.tsx';
import { Empty, Failed } from '../../parts/basics/states.tsx';
import { CodeChip, StatusChip } from '../../parts/basics/status.tsx';
import { clockText, durationText } from '../../parts/basics/time.tsx';
import { NewsChip } from '../../parts/data/held-rows.tsx';
import { FilterBar, FilterSelect } from '../../parts/data/list.tsx';
import css from './live.module.css';
import type { TailLine } from './tail-line.ts';
import { useTail } from './use-tail.ts';

const route = getRouteApi('/live');

const STATUSES = ['delivered', 'retrying', 'dead', 'cancelled', 'skipped'].map((value) => ({
  value,
  text: value,
}));
const LEADS = {
  live: 'Attempts as they are made.',
  reconnecting: 'The stream broke and is made anew; deliveries are looked for every second meanwhile.',
  polling: 'Deliveries as they come and end, looked for every second.',
} as const;

/** What happens at this moment: a line for every attempt. */
export function LivePage() {
  const { event, status } = route.useSearch();
  const navigate = route.useNavigate();
  const [isPaused, setPaused] = useState(false);
  const tail = useTail(isPaused);
  const { more, error, clear, retry } = tail;
  const { kind } = useConnection();
  const types = useEventTypes();
  const isWanted = (line: TailLine) =>
    (event === undefined || line.event === event) && (status === undefined || line.status === status);
  const lines = tail.lines.filter(isWanted);
  const came = tail.waiting.filter(isWanted).length;
  useEffect(() => {
    const toggle = (event: KeyboardEvent) => {
      const isTyping =
        event.target instanceof HTMLElement &&
        event.target.closest('input, textarea, select, button, a') !== null;
      if (event.key !== ' ' || isTyping) return;
      event.preventDefault();
      setPaused((before) => !before);
    };
    addEventListener('keydown', toggle);
    return () => removeEventListener('keydown', toggle);
  }, []);
  return (
    <Page
      title="Live"
      lead={isPaused ? 'Stopped: press the space bar to go on.' : LEADS[kind]}
      actions={
        <>
          <Button onClick={() => setPaused(!isPaused)} aria-pressed={isPaused}>
            {isPaused ? 'Go on' : 'Stop'} <kbd>space</kbd>
          </Button>
          <Button onClick={clear}>Clear</Button>
        </>
      }
    >
      <FilterBar>
        <FilterSelect
          label="Event"
          value={event}
          choices={types.map((name) => ({ value: name, text: name }))}
          onChange={(value) => void navigate({ search: (before) => present({ ...before, event: value }) })}
        />
        <FilterSelect
          label="Status"
          value={status}
          choices={STATUSES}
          onChange={(value) => void navigate({ search: (before) => present({ ...before, status: value }) })}
        />
      </FilterBar>
      {error === null ? null : <Failed error={error} onRetry={retry} />}
      {lines.length === 0 ? (
        <Empty
          title="Waiting for attempts…"
          actions={
            <Link to="/events/new" className={buttonClass()}>
              Publish an event
            </Link>
          }
        >
          <p>What is sent from now on appears here.</p>
        </Empty>
      ) : (
        <section ref={tail.frame} className={css.tail} aria-label="Deliveries as they change" tabIndex={0}>
          <NewsChip
            news={came === 0 ? null : { came, gone: 0, isCapped: false }}
            what="attempts"
            onShow={tail.showWaiting}
          />
          {lines.map((line) => (
            <Line key={line.key} line={line} />
          ))}
        </section>
      )}
      {more === 0 ? null : (
        <p>+{more.toLocaleString()} more came than there is room to show; the list of deliveries has all.</p>
      )}
    </Page>
  );
}

function Line({ line }: { readonly line: TailLine }) {
  const { deliveryId, endpointId, event, status, attempt, code, durationMs, at } = line;
  return (
    <Link to="/deliveries/$id" params={{ id: deliveryId }} className={css.line}>
      <span>{clockText(Date.parse(at))}</span>
      <span>
        <StatusChip status={status} detail={attempt !== null && attempt > 1 ? `attempt ${attempt}` : null} />
      </span>
      <span>{event}</span>
      <span>
        <EndpointName id={endpointId} />
      </span>
      <span>{durationMs === null ? '' : durationText(durationMs)}</span>
      <span>{code === null ? '' : <CodeChip code={code} />}</span>
    </Link>
  );
}
