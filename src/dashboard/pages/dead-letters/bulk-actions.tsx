import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useMay } from '../../app/session.ts';
import { asProblem } from '../../data/problem.ts';
import type { CappedCount } from '../../data/replay.ts';
import { useRefresh } from '../../data/use-list.ts';
import { Button } from '../../parts/basics/button.tsx';
import { Confirm, Count } from '../../parts/forms/dialog.tsx';
import { notify } from '../../parts/forms/notices.tsx';
import { countOf, discardAll, retryAll, type Selection } from './selection.ts';

interface Props {
  readonly selection: Selection;
  /** Where it stands in a row. */
  readonly small?: boolean;
}

/** Sends again or discards everything that a selection has, not the page in view; the API counts it first. */
export function BulkActions({ selection, small = false }: Props) {
  const mayRetry = useMay('retry');
  const [asked, setAsked] = useState<'retry' | 'discard' | null>(null);
  const { counted, fault } = useCount(selection, asked !== null);
  const count = counted?.count ?? null;
  const navigate = useNavigate();
  const refresh = useRefresh();
  const close = () => setAsked(null);
  const retry = async () => {
    const replay = await retryAll(selection);
    if (replay !== null) await navigate({ to: '/replays/$id', params: { id: replay } });
  };
  const discard = async () => {
    const discarded = await discardAll(selection);
    notify(`${discarded.toLocaleString()} dead letters are discarded.`);
    await refresh();
  };
  if (!mayRetry) return null;
  return (
    <>
      <Button
        look={small ? 'default' : 'primary'}
        small={small}
        icon="replays"
        onClick={() => setAsked('retry')}
      >
        Retry matching…
      </Button>
      <Button look="danger" small={small} onClick={() => setAsked('discard')}>
        Discard…
      </Button>
      <Confirm
        isOpen={asked === 'retry'}
        onClose={close}
        title="Send these again?"
        verb="Retry"
        count={count}
        isCapped={counted?.capped}
        onConfirm={retry}
      >
        <Count count={count} isCapped={counted?.capped} what="dead letters match." />
        <SelectionText selection={selection} />
        {fault === null ? null : <p role="alert">{fault}</p>}
        <p>
          They go out as a replay: at lower priority, under the rules of their endpoints. A paused endpoint
          holds them; a disabled one keeps them dead.
        </p>
      </Confirm>
      <Confirm
        isOpen={asked === 'discard'}
        onClose={close}
        title="Discard these?"
        verb="Discard"
        look="danger"
        count={count}
        isCapped={counted?.capped}
        onConfirm={discard}
      >
        <Count count={count} isCapped={counted?.capped} what="dead letters match." />
        <SelectionText selection={selection} />
        {fault === null ? null : <p role="alert">{fault}</p>}
        <p>They end as cancelled, and are not offered again.</p>
      </Confirm>
    </>
  );
}

interface Counted {
  readonly counted: CappedCount | null;
  readonly fault: string | null;
}

function useCount(selection: Selection, isWanted: boolean): Counted {
  const [counted, setCount] = useState<CappedCount | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const name = JSON.stringify(selection);
  useEffect(() => {
    if (!isWanted) return;
    setCount(null);
    setFault(null);
    countOf(JSON.parse(name)).then(setCount, (error: unknown) => setFault(asProblem(error).message));
  }, [isWanted, name]);
  return { counted, fault };
}

function SelectionText({ selection }: { readonly selection: Selection }) {
  const entries = Object.entries(selection);
  if (entries.length === 0) return <p>All dead letters there are.</p>;
  return (
    <p>
      {entries.map(([name, value]) => (
        <span key={name}>
          {name} <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>{' '}
        </span>
      ))}
    </p>
  );
}
