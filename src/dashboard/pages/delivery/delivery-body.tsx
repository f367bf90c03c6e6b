import { useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import type { DeliveryDetail } from '../../data/types.ts';
import { Section } from '../../parts/basics/page.tsx';
import { Empty, Failed } from '../../parts/basics/states.tsx';
import { AttemptList } from './attempt-list.tsx';
import { AttemptView } from './attempt-view.tsx';
import css from './delivery.module.css';
import { DeliveryFacts } from './delivery-facts.tsx';
import { useAttempt } from './use-attempt.ts';

/** Every attempt of a delivery, one of them in full, then the facts. */
export function DeliveryBody({ delivery }: { readonly delivery: DeliveryDetail }) {
  const { attempt: wanted } = useSearch({ strict: false });
  const client = useQueryClient();
  const { attempt, before, error } = useAttempt(delivery, wanted);
  return (
    <div className={css.body}>
      {delivery.attempts.length === 0 ? (
        <Empty title="No attempt was made yet">
          <p>Attempts appear here as soon as they have ended, with what was sent and what was answered.</p>
        </Empty>
      ) : (
        <div className={css.columns}>
          <Section title={`Attempts (${delivery.attempts_made.toLocaleString()})`}>
            <AttemptList delivery={delivery} shown={attempt?.number} />
          </Section>
          <div>
            {error === null ? null : <Failed error={error} onRetry={() => void client.invalidateQueries()} />}
            {attempt === undefined ? null : (
              <AttemptView attempt={attempt} before={before} delivery={delivery} />
            )}
          </div>
        </div>
      )}
      <Section title="Facts">
        <DeliveryFacts delivery={delivery} />
      </Section>
    </div>
  );
}
