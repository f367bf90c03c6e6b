import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Endpoint } from '../../data/types.ts';
import { Banner } from '../../parts/basics/page.tsx';
import { Countdown, Time } from '../../parts/basics/time.tsx';
import { SwitchButton } from './switch-button.tsx';

/**
 * Where an endpoint is not plainly enabled: why, since when, by whom, what happens next, and the button that ends it.
 */
export function EndpointBanner({ endpoint }: { readonly endpoint: Endpoint }) {
  const { status, breaker_state: breaker, secret_rotation: rotation, health } = endpoint;
  const isFailing = health.failing_since !== null && breaker === 'closed' && status === 'enabled';
  return (
    <>
      {status === 'paused' ? <PausedBanner endpoint={endpoint} /> : null}
      {status === 'disabled' ? <DisabledBanner endpoint={endpoint} /> : null}
      {breaker === 'closed' ? null : <BreakerBanner endpoint={endpoint} />}
      {isFailing ? <FailingBanner endpoint={endpoint} /> : null}
      {rotation === null ? null : (
        <Banner tone="waiting">
          Two secrets sign at the moment. The former one ends <Countdown to={rotation.overlap_ends_at} />.
        </Banner>
      )}
    </>
  );
}

function PausedBanner({ endpoint }: { readonly endpoint: Endpoint }) {
  return (
    <Banner tone="held" action={<SwitchButton endpoint={endpoint} action="resume" />}>
      <Standing word="Paused" switched={endpoint.paused} /> Deliveries are held, in order of their coming,
      until it is resumed. <Held endpoint={endpoint} />
    </Banner>
  );
}

const DISABLED_BECAUSE: Readonly<Record<string, string>> = {
  by_hand: 'It was switched off by hand.',
  gone: 'It answered 410 Gone.',
  failing: 'It has failed for too long.',
  unverified: 'It has not answered the challenge that proves whose it is.',
};

function DisabledBanner({ endpoint }: { readonly endpoint: Endpoint }) {
  const { disabled, disabled_reason: reason } = endpoint;
  const action = reason === 'unverified' ? 'verify' : 'enable';
  return (
    <Banner tone="failing" action={<SwitchButton endpoint={endpoint} action={action} />}>
      <Standing word="Disabled" switched={disabled} /> {DISABLED_BECAUSE[reason ?? ''] ?? ''} What comes
      meanwhile is skipped, and can be recovered afterwards.
    </Banner>
  );
}

interface StandingProps {
  readonly word: string;
  readonly switched: Endpoint['paused'] | Endpoint['disabled'];
}

function Standing({ word, switched }: StandingProps): ReactNode {
  if (switched === null) return <strong>{word}.</strong>;
  const { since, by, reason } = switched;
  const until = 'until' in switched ? switched.until : null;
  return (
    <>
      <strong>{word}</strong> since <Time at={since} />
      {until === null ? null : (
        <>
          {' '}
          until <Time at={until} />
        </>
      )}
      {by === null ? '' : ` by ${by}`}
      {reason === null ? '.' : `: “${reason}”.`}
    </>
  );
}

function BreakerBanner({ endpoint }: { readonly endpoint: Endpoint }) {
  const { breaker_state: state, status, health } = endpoint;
  const isOpen = state === 'open';
  return (
    <Banner
      tone={isOpen ? 'failing' : 'waiting'}
      action={
        status === 'enabled' ? (
          <SwitchButton endpoint={endpoint} action="resume" text="Probe now" />
        ) : undefined
      }
    >
      <strong>{isOpen ? 'The breaker is open' : 'The breaker is half open'}</strong> after failures
      <SinceFailure endpoint={endpoint} />:{' '}
      {isOpen
        ? 'deliveries are held; a single one probes the endpoint when the cooldown ends'
        : 'one delivery goes out to see whether the endpoint is well again'}
      {health.probe_at === null ? null : (
        <>
          , <Countdown to={health.probe_at} />
        </>
      )}
      . <Held endpoint={endpoint} /> <LastFailure endpoint={endpoint} />
    </Banner>
  );
}

function FailingBanner({ endpoint }: { readonly endpoint: Endpoint }) {
  return (
    <Banner tone="waiting">
      <strong>It fails</strong>
      <SinceFailure endpoint={endpoint} />: no attempt has succeeded since.{' '}
      <LastFailure endpoint={endpoint} />
    </Banner>
  );
}

function SinceFailure({ endpoint: { health } }: { readonly endpoint: Endpoint }) {
  return health.failing_since === null ? null : (
    <>
      {' '}
      since <Time at={health.failing_since} />
    </>
  );
}

function LastFailure({ endpoint: { health } }: { readonly endpoint: Endpoint }) {
  return health.last_error_code === null ? null : (
    <>
      <code>{health.last_error_code}</code> {health.advice}
    </>
  );
}

function Held({ endpoint: { id, health } }: { readonly endpoint: Endpoint }) {
  return health.held === 0 ? (
    'None is held at the moment.'
  ) : (
    <Link to="/deliveries" search={{ endpoint_id: id, status: 'held' }}>
      {health.held === 1 ? '1 is held.' : `${health.held.toLocaleString()} are held.`}
    </Link>
  );
}
