import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { components } from '../../../../clients/typescript/schema.ts';
import { serverNow } from '../../data/clock.ts';
import { placeOf } from '../../data/endpoints.ts';
import type { Endpoint } from '../../data/types.ts';
import { buttonClass } from '../../parts/basics/button.tsx';
import type { IconName } from '../../parts/basics/icon.tsx';
import { Countdown, Time } from '../../parts/basics/time.tsx';
import { capped } from './figures.tsx';
import type { Now } from './use-figures.ts';

export type ApiKey = components['schemas']['ApiKey'];

/** An overlap that ends sooner is told of. */
const SOON_MS = 86_400_000;
/** Deliveries that nobody sends for so long are told of. */
const OVERDUE_MS = 60_000;

/** Something that somebody should look at. */
interface Need {
  readonly key: string;
  readonly tone: 'failing' | 'held' | 'waiting';
  readonly icon: IconName;
  readonly what: ReactNode;
  readonly about: ReactNode;
  readonly act: ReactNode;
}

/** What the figures of this moment ask for. */
export function nowNeeds(now: Now | undefined): readonly Need[] {
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

/** What an endpoint asks for. */
export function needsOf(endpoint: Endpoint): readonly Need[] {
  const needs = [breakerNeed, failingNeed, disabledNeed, pausedNeed, secretNeed].map((need) =>
    need(endpoint),
  );
  return needs.filter((need) => need !== null);
}

function breakerNeed(endpoint: Endpoint): Need | null {
  const { breaker_state: state, health } = endpoint;
  if (state === 'closed') return null;
  return {
    key: `breaker ${endpoint.id}`,
    tone: 'failing',
    icon: 'warning',
    what: `The breaker of ${placeOf(endpoint.url)} is ${state === 'open' ? 'open' : 'half open'}`,
    about: (
      <>
        {heldText(health.held)}
        {health.probe_at === null ? null : (
          <>
            {' '}
            It is tried next <Countdown to={health.probe_at} />.
          </>
        )}{' '}
        <LastFailure endpoint={endpoint} />
      </>
    ),
    act: <EndpointLink endpoint={endpoint} />,
  };
}

function failingNeed(endpoint: Endpoint): Need | null {
  const { breaker_state: state, status, health } = endpoint;
  if (health.failing_since === null || state !== 'closed' || status !== 'enabled') return null;
  return {
    key: `failing ${endpoint.id}`,
    tone: 'waiting',
    icon: 'retrying',
    what: `${placeOf(endpoint.url)} fails`,
    about: (
      <>
        Since <Time at={health.failing_since} /> no attempt has succeeded. <LastFailure endpoint={endpoint} />
      </>
    ),
    act: <EndpointLink endpoint={endpoint} />,
  };
}

function LastFailure({ endpoint: { health } }: { readonly endpoint: Endpoint }) {
  if (health.last_error_code === null) return null;
  return (
    <>
      <code>{health.last_error_code}</code> {health.advice}
    </>
  );
}

function heldText(held: number): string {
  return held === 0 ? 'Nothing is held.' : `${held.toLocaleString()} held.`;
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

/** What a key asks for that expires soon. */
export function keyNeed({ id, name, expires_at: at }: ApiKey): Need {
  return {
    key: `key ${id}`,
    tone: 'waiting',
    icon: 'warning',
    what: `The key ${name || id} expires soon`,
    about: at === null ? null : <Countdown to={at} />,
    act: (
      <Link to="/settings/$tab" params={{ tab: 'keys' }} className={buttonClass('default', true)}>
        Keys
      </Link>
    ),
  };
}
