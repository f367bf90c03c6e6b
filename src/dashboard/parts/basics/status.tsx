import type { ReactNode } from 'react';
import type { DeliveryStatus, Endpoint, ExplainedEndpoint } from '../../data/types.ts';
import { Icon, type IconName } from './icon.tsx';
import css from './status.module.css';

type Tone = 'ok' | 'moving' | 'waiting' | 'held' | 'failing' | 'ended';

/** Order, picture and colour of the states of a delivery, in this one place. */
const LOOKS: Readonly<Record<DeliveryStatus, { readonly icon: IconName; readonly tone: Tone }>> = {
  delivered: { icon: 'delivered', tone: 'ok' },
  sending: { icon: 'sending', tone: 'moving' },
  queued: { icon: 'queued', tone: 'ended' },
  scheduled: { icon: 'queued', tone: 'ended' },
  retrying: { icon: 'retrying', tone: 'waiting' },
  held: { icon: 'held', tone: 'held' },
  dead: { icon: 'cross', tone: 'failing' },
  cancelled: { icon: 'cancelled', tone: 'ended' },
  skipped: { icon: 'skipped', tone: 'ended' },
};

/** What became of an event at an endpoint, by the same pictures. */
const OUTCOME_LOOKS: Readonly<
  Record<
    ExplainedEndpoint['outcome'],
    { readonly icon: IconName; readonly tone: Tone; readonly text: string }
  >
> = {
  delivered: { ...LOOKS.delivered, text: 'delivered' },
  waiting: { ...LOOKS.held, text: 'waiting' },
  dead: { ...LOOKS.dead, text: 'dead' },
  cancelled: { ...LOOKS.cancelled, text: 'cancelled' },
  skipped: { ...LOOKS.skipped, text: 'skipped' },
  not_matched: { ...LOOKS.skipped, text: 'not matched' },
};

interface ChipProps {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly children: ReactNode;
}

/** A state by picture, word and colour. */
export function Chip({ tone, icon, children }: ChipProps) {
  return (
    <span className={`${css.chip} ${css[tone] ?? ''}`}>
      <Icon name={icon} size={12} />
      {children}
    </span>
  );
}

/** The state of a delivery; what is held says by what, where that is known. */
export function StatusChip({
  status,
  detail,
}: {
  readonly status: DeliveryStatus;
  readonly detail?: string | null;
}) {
  const { icon, tone } = LOOKS[status];
  return (
    <Chip tone={tone} icon={icon}>
      {status}
      {detail == null ? '' : ` · ${detail}`}
    </Chip>
  );
}

/** What became of an event at an endpoint. */
export function OutcomeChip({ outcome }: { readonly outcome: ExplainedEndpoint['outcome'] }) {
  const { icon, tone, text } = OUTCOME_LOOKS[outcome];
  return (
    <Chip tone={tone} icon={icon}>
      {text}
    </Chip>
  );
}

/** The state of an endpoint: switched, and what its breaker does. */
export function EndpointChip({
  endpoint,
}: {
  readonly endpoint: Pick<Endpoint, 'status' | 'breaker_state' | 'disabled_reason'>;
}) {
  const { status, breaker_state: breaker, disabled_reason: reason } = endpoint;
  if (status === 'paused')
    return (
      <Chip tone="held" icon="held">
        paused
      </Chip>
    );
  if (status === 'disabled')
    return (
      <Chip tone={reason === 'failing' || reason === 'gone' ? 'failing' : 'ended'} icon="cancelled">
        disabled{reason === null ? '' : ` · ${reason.replace('_', ' ')}`}
      </Chip>
    );
  if (breaker === 'open')
    return (
      <Chip tone="failing" icon="warning">
        breaker open
      </Chip>
    );
  if (breaker === 'half_open')
    return (
      <Chip tone="waiting" icon="retrying">
        breaker half open
      </Chip>
    );
  return (
    <Chip tone="ok" icon="delivered">
      enabled
    </Chip>
  );
}

/** What one attempt was answered, or why it was not. */
export function CodeChip({ code }: { readonly code: string }) {
  const short = code.replace(/^http_/, '');
  const isGood = /^2\d\d$/.test(short);
  return <span className={isGood ? `${css.code} ${css.good}` : css.code}>{short}</span>;
}

/** Several, oldest first. */
export function CodeChips({ codes }: { readonly codes: readonly string[] }) {
  return (
    <span className={css.codes}>
      {codes.map((code, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a place in the order of attempts is what each is
        <CodeChip key={place} code={code} />
      ))}
    </span>
  );
}
