import { Link } from '@tanstack/react-router';
import type { DeliveryDetail } from '../../data/types.ts';
import { Countdown, Time } from '../../parts/basics/time.tsx';
import { HELD_BY } from './held-by.ts';

/** What is the matter with a delivery, and what comes next, in one sentence. */
export function Story({ delivery }: { readonly delivery: DeliveryDetail }) {
  const { status, attempts_made: made, next_attempt_at: next, finished_at: ended } = delivery;
  const tried = made === 1 ? '1 attempt' : `${made} attempts`;
  switch (status) {
    case 'delivered':
      return (
        <>
          Delivered after {tried}, <Time at={ended} />.
        </>
      );
    case 'retrying':
      return (
        <>
          {tried} failed, the last with <code>{delivery.last_error_code}</code>. The next comes{' '}
          {next === null ? 'soon' : <Countdown to={next} />}.
        </>
      );
    case 'held':
      return <>Held, because {HELD_BY[delivery.held_by ?? ''] ?? 'its endpoint’s gate is shut'}.</>;
    case 'dead':
      return (
        <>
          Dead after {tried}: <code>{delivery.dead_reason}</code>. It is kept as a{' '}
          <Link to="/dead-letters">dead letter</Link>, and can be sent again.
        </>
      );
    case 'sending':
      return <>Attempt {made} is under way.</>;
    case 'queued':
      return <>Waiting for a worker to send it.</>;
    case 'scheduled':
      return (
        <>
          Scheduled
          {next === null ? (
            ''
          ) : (
            <>
              : it goes <Countdown to={next} />
            </>
          )}
          .
        </>
      );
    case 'cancelled':
      return <>Cancelled after {tried}.</>;
    case 'skipped':
      return (
        <>Skipped: the endpoint was disabled when the event came. It can be recovered from the endpoint.</>
      );
  }
}
