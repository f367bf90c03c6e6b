import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useMay } from '../../app/session.ts';
import { answerOf, api } from '../../data/api.ts';
import { serverNow } from '../../data/clock.ts';
import type { CappedCount } from '../../data/replay.ts';
import { isRange, RANGES } from '../../data/search.ts';
import type { Endpoint } from '../../data/types.ts';
import { Button } from '../../parts/basics/button.tsx';
import { Confirm, Count } from '../../parts/forms/dialog.tsx';
import { SelectField } from '../../parts/forms/field.tsx';
import { notify } from '../../parts/forms/notices.tsx';

const CHOICES = [
  { value: '', text: 'Everything that is kept' },
  { value: '1h', text: 'The last hour' },
  { value: '24h', text: 'The last 24 hours' },
  { value: '7d', text: 'The last 7 days' },
];

function since(range: string): { after?: string } {
  return isRange(range) ? { after: new Date(serverNow() - RANGES[range]).toISOString() } : {};
}

/** Sends what was skipped while the endpoint was disabled, after its count. */
export function RecoverButton({ endpoint }: { readonly endpoint: Endpoint }) {
  const mayRetry = useMay('retry');
  const [isAsking, setAsking] = useState(false);
  const [range, setRange] = useState('');
  const [count, setCount] = useState<CappedCount | null>(null);
  const params = { path: { id: endpoint.id } };
  useEffect(() => {
    if (!isAsking) return;
    setCount(null);
    const counting = api.POST('/v1/endpoints/{id}/recover', {
      params: { path: { id: endpoint.id } },
      body: { filter: since(range), dry_run: true },
    });
    answerOf(counting).then(
      (answer) => setCount('count' in answer ? answer : { count: answer.total, capped: false }),
      () => setCount({ count: 0, capped: false }),
    );
  }, [isAsking, range, endpoint.id]);
  const recover = async () => {
    const answer = await answerOf(
      api.POST('/v1/endpoints/{id}/recover', { params, body: { filter: since(range) } }),
    );
    notify(
      'id' in answer && typeof answer.id === 'string' ? (
        <Link to="/replays/$id" params={{ id: answer.id }}>
          The replay has begun.
        </Link>
      ) : (
        'The replay has begun.'
      ),
    );
  };
  if (!mayRetry) return null;
  return (
    <>
      <Button
        icon="replays"
        refusal={endpoint.status === 'disabled' ? 'Enable it first: a disabled endpoint gets nothing' : null}
        onClick={() => setAsking(true)}
      >
        Recover missed…
      </Button>
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title="Send what was missed?"
        verb="Recover"
        count={count?.count ?? null}
        isCapped={count?.capped}
        onConfirm={recover}
      >
        <SelectField
          label="Published in"
          value={range}
          choices={CHOICES}
          onChange={(event) => setRange(event.target.value)}
        />
        <Count
          count={count?.count ?? null}
          isCapped={count?.capped}
          what="skipped deliveries are sent, oldest first."
        />
      </Confirm>
    </>
  );
}
