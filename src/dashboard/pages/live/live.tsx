import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { Delivery } from '../../data/types.ts';
import { Button, buttonClass } from '../../parts/basics/button.tsx';
import { EndpointName } from '../../parts/basics/endpoint-name.tsx';
import { Page } from '../../parts/basics/page.tsx';
import { Empty, Failed } from '../../parts/basics/states.tsx';
import { CodeChip, StatusChip } from '../../parts/basics/status.tsx';
import { clockText } from '../../parts/basics/time.tsx';
import css from './live.module.css';
import { useTail } from './use-tail.ts';

/** What is delivered at this moment: a line whenever a delivery changes. */
export function LivePage() {
  const [isPaused, setPaused] = useState(false);
  const { lines, isCut, error, clear, retry } = useTail(isPaused);
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
      lead={
        isPaused
          ? 'Stopped: press the space bar to go on.'
          : 'Deliveries as they come and end, looked for every second.'
      }
      actions={
        <>
          <Button onClick={() => setPaused(!isPaused)} aria-pressed={isPaused}>
            {isPaused ? 'Go on' : 'Stop'} <kbd>space</kbd>
          </Button>
          <Button onClick={clear}>Clear</Button>
        </>
      }
    >
      {error === null ? null : <Failed error={error} onRetry={retry} />}
      {lines.length === 0 ? (
        <Empty
          title="Waiting for deliveries…"
          actions={
            <Link to="/endpoints" className={buttonClass()}>
              Send a test to an endpoint
            </Link>
          }
        >
          <p>What is published from now on appears here.</p>
        </Empty>
      ) : (
        <section className={css.tail} aria-label="Deliveries as they change">
          {lines.map((delivery) => (
            <Line key={delivery.id + delivery.status + delivery.attempts_made} delivery={delivery} />
          ))}
        </section>
      )}
      {isCut ? <p>More came than one look takes in; the list of deliveries has all.</p> : null}
    </Page>
  );
}

function Line({ delivery }: { readonly delivery: Delivery }) {
  const code = delivery.last_error_code ?? delivery.last_status_code;
  return (
    <Link to="/deliveries/$id" params={{ id: delivery.id }} className={css.line}>
      <span>{clockText(Date.parse(delivery.finished_at ?? delivery.created_at))}</span>
      <span>
        <StatusChip status={delivery.status} />
      </span>
      <span>{delivery.event}</span>
      <span>
        <EndpointName id={delivery.endpoint_id} />
      </span>
      <span>{code === null ? '' : <CodeChip code={String(code)} />}</span>
    </Link>
  );
}
