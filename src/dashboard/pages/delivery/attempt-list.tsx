import { Link } from '@tanstack/react-router';
import type { Attempt } from '../../data/types.ts';
import { CodeChip } from '../../parts/basics/status.tsx';
import { Countdown, clockText, durationText } from '../../parts/basics/time.tsx';
import css from './delivery.module.css';

interface Props {
  readonly attempts: readonly Attempt[];
  /** The number of the one that is shown beside. */
  readonly shown: number;
  readonly nextAt: string | null;
}

/** The attempts one below the other, with the time that lay between them. */
export function AttemptList({ attempts, shown, nextAt }: Props) {
  return (
    <div className={css.attempts}>
      {attempts.map((attempt, place) => (
        <AttemptLink
          key={attempt.number}
          attempt={attempt}
          before={attempts[place - 1]}
          isShown={attempt.number === shown}
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

interface AttemptLinkProps {
  readonly attempt: Attempt;
  readonly before: Attempt | undefined;
  readonly isShown: boolean;
}

function AttemptLink({ attempt, before, isShown }: AttemptLinkProps) {
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
