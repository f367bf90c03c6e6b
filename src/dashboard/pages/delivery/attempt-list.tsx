import { Link, useNavigate } from '@tanstack/react-router';
import type { Attempt, DeliveryDetail } from '../../data/types.ts';
import { CodeChip } from '../../parts/basics/status.tsx';
import { Countdown, clockText, durationText } from '../../parts/basics/time.tsx';
import css from './delivery.module.css';

interface Props {
  readonly delivery: DeliveryDetail;
  /** The number of the one that is shown beside. */
  readonly shown: number | undefined;
}

/** The newest attempts one below the other, with the time that lay between them; the others by their number. */
export function AttemptList({ delivery, shown }: Props) {
  const { attempts, attempts_made: made, next_attempt_at: nextAt } = delivery;
  const shownPlace = attempts.findIndex(({ number }) => number === shown);
  return (
    <div className={css.attempts}>
      {made > attempts.length ? <AttemptPicker listed={attempts.length} made={made} shown={shown} /> : null}
      {attempts.map((attempt, place) => (
        <AttemptLink
          key={attempt.number}
          attempt={attempt}
          before={attempts[place - 1]}
          isShown={attempt.number === shown}
          pressedBy={place === shownPlace - 1 ? '[' : place === shownPlace + 1 ? ']' : undefined}
        />
      ))}
      {nextAt === null ? null : (
        <p className={css.gap}>
          next <Countdown to={nextAt} />
        </p>
      )}
    </div>
  );
}

interface PickerProps {
  readonly listed: number;
  readonly made: number;
  readonly shown: number | undefined;
}

function AttemptPicker({ listed, made, shown }: PickerProps) {
  const navigate = useNavigate();
  const take = (text: string) => {
    const number = Math.round(Number(text));
    if (number >= 1 && number <= made)
      void navigate({ to: '.', search: (before) => ({ ...before, attempt: String(number) }), replace: true });
  };
  return (
    <label className={css.picker}>
      The last {listed} are listed; show attempt
      <input
        key={shown}
        type="number"
        min={1}
        max={made}
        defaultValue={shown}
        onBlur={(event) => take(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take(event.currentTarget.value);
        }}
      />
    </label>
  );
}

interface AttemptLinkProps {
  readonly attempt: Attempt;
  readonly before: Attempt | undefined;
  readonly isShown: boolean;
  /** The key that shows it. */
  readonly pressedBy: string | undefined;
}

function AttemptLink({ attempt, before, isShown, pressedBy }: AttemptLinkProps) {
  const { number, error_code: error, status_code: status, duration_ms: took } = attempt;
  return (
    <>
      {before === undefined ? null : (
        <p className={css.gap}>{durationText(between(before, attempt))} later</p>
      )}
      <Link
        to="."
        search={(search) => ({ ...search, attempt: String(number) })}
        replace
        className={css.attempt}
        aria-current={isShown ? 'true' : undefined}
        data-key={pressedBy}
      >
        <span>#{number}</span>
        <span>
          <CodeChip code={error ?? String(status ?? '–')} />
        </span>
        <span>{took === null ? '–' : durationText(took)}</span>
        <span className={css.meta}>
          {clockText(Date.parse(attempt.started_at))} · {attempt.trigger}
          {attempt.resent ? ' · sent again at once' : ''}
        </span>
      </Link>
    </>
  );
}

function between(before: Attempt, attempt: Attempt): number {
  const ended = Date.parse(before.started_at) + (before.duration_ms ?? 0);
  return Math.max(0, Date.parse(attempt.started_at) - ended);
}
