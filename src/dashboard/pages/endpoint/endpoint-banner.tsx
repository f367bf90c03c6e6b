import type { ReactNode } from 'react';
import type { Endpoint } from '../../data/types.ts';
import { Banner } from '../../parts/basics/page.tsx';
import { Countdown, Time } from '../../parts/basics/time.tsx';
import { SwitchButton } from './switch-button.tsx';

/**
 * Where an endpoint is not plainly enabled: why, since when, by whom, what happens next, and the button that ends it.
 */
export function EndpointBanner({ endpoint }: { readonly endpoint: Endpoint }) {
  const { status, breaker_state: breaker, secret_rotation: rotation } = endpoint;
  return (
    <>
      {status === 'paused' ? <PausedBanner endpoint={endpoint} /> : null}
      {status === 'disabled' ? <DisabledBanner endpoint={endpoint} /> : null}
      {breaker === 'closed' ? null : <BreakerBanner endpoint={endpoint} />}
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
      until it is resumed.
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
  const isOpen = endpoint.breaker_state === 'open';
  return (
    <Banner
      tone={isOpen ? 'failing' : 'waiting'}
      action={
        endpoint.status === 'enabled' ? (
          <SwitchButton endpoint={endpoint} action="resume" text="Probe now" />
        ) : undefined
      }
    >
      <strong>{isOpen ? 'The breaker is open' : 'The breaker is half open'}</strong> after failures:{' '}
      {isOpen
        ? 'deliveries are held; a single one probes the endpoint when the cooldown ends.'
        : 'one delivery goes out to see whether the endpoint is well again.'}
    </Banner>
  );
}
