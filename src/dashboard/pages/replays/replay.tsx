import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../app/session.ts';
import { answerOf, api } from '../../data/api.ts';
import type { Replay } from '../../data/types.ts';
import { useRefresh } from '../../data/use-list.ts';
import { useQuery } from '../../data/use-query.ts';
import { Button } from '../../parts/basics/button.tsx';
import { EndpointName } from '../../parts/basics/endpoint-name.tsx';
import { IdText } from '../../parts/basics/id-text.tsx';
import { Facts, Page, Section } from '../../parts/basics/page.tsx';
import { Failed, Skeleton } from '../../parts/basics/states.tsx';
import { ExactTime, Time } from '../../parts/basics/time.tsx';
import { CopyMenu } from '../../parts/forms/copy-menu.tsx';
import { Confirm } from '../../parts/forms/dialog.tsx';
import { notify, notifyFailure } from '../../parts/forms/notices.tsx';
import css from './replay.module.css';
import { kindText, ReplayChip } from './replays.tsx';

const route = getRouteApi('/replays/$id');
const POLL_MS = 1_000;

/** One replay: how far it is. */
export function ReplayPage() {
  const { id } = route.useParams();
  const query = useQuery({
    queryKey: ['replay', id],
    queryFn: () => answerOf(api.GET('/v1/replays/{id}', { params: { path: { id } } })),
    refetchInterval: ({ state }) => (state.data === undefined || isOpen(state.data) ? POLL_MS : false),
  });
  const { data, error } = query;
  return (
    <Page
      title={data === undefined ? 'Replay' : `Replay: ${kindText(data.kind).toLowerCase()}`}
      lead={data === undefined ? undefined : leadOf(data)}
      actions={data === undefined ? undefined : <ReplayActions replay={data} />}
    >
      {error === null ? null : <Failed error={error} onRetry={() => void query.refetch()} />}
      {data === undefined && error === null ? <Skeleton /> : null}
      {data === undefined ? null : <ReplayBody replay={data} />}
    </Page>
  );
}

/** Whether figures of it can still change. */
function isOpen({ status, total, delivered, dead, cancelled, passed_over: passed }: Replay): boolean {
  return status === 'running' || delivered + dead + cancelled + passed < total;
}

function leadOf({ status, total, delivered, released, remaining }: Replay): string {
  if (status === 'cancelled')
    return `Cancelled after ${released.toLocaleString()} of ${total.toLocaleString()}.`;
  if (status === 'running')
    return (
      `${delivered.toLocaleString()} of ${total.toLocaleString()} delivered, ` +
      `${remaining.toLocaleString()} still to be let go.`
    );
  return `All ${total.toLocaleString()} were let go; ${delivered.toLocaleString()} are delivered.`;
}

function ReplayBody({ replay }: { readonly replay: Replay }) {
  const { total, delivered, dead, released, passed_over: passed } = replay;
  const under = Math.max(0, released - delivered - dead);
  const share = (count: number) => `${(count / Math.max(total, 1)) * 100}%`;
  return (
    <>
      <Section title="Progress" panel>
        <div
          className={css.progress}
          role="progressbar"
          aria-label="Delivered"
          aria-valuenow={delivered}
          aria-valuemin={0}
          aria-valuemax={total}
        >
          <span className={css.delivered} style={{ width: share(delivered) }} />
          <span className={css.dead} style={{ width: share(dead) }} />
          <span className={css.under} style={{ width: share(under) }} />
        </div>
        <p className={css.legend} role="status">
          <span>{delivered.toLocaleString()} delivered</span>
          <span>{dead.toLocaleString()} dead again</span>
          <span>{under.toLocaleString()} under way</span>
          <span>{replay.remaining.toLocaleString()} to come</span>
          {passed === 0 ? null : (
            <span>{passed.toLocaleString()} passed over: no longer as they were selected</span>
          )}
        </p>
      </Section>
      <Facts
        facts={[
          { name: 'Status', value: <ReplayChip status={replay.status} /> },
          { name: 'Replay', value: <IdText id={replay.id} /> },
          {
            name: 'Endpoint',
            value:
              replay.endpoint_id === null ? (
                'all that were selected'
              ) : (
                <EndpointName id={replay.endpoint_id} />
              ),
          },
          ...(replay.to_endpoint_id === null
            ? []
            : [{ name: 'All to', value: <EndpointName id={replay.to_endpoint_id} /> }]),
          ...(replay.new_delivery ? [{ name: 'Sent as', value: 'new deliveries' }] : []),
          { name: 'Customer', value: replay.customer_id ?? 'all that were selected' },
          { name: 'Asked for by', value: <IdText id={replay.requested_by} /> },
          { name: 'Begun', value: <ExactTime at={replay.created_at} /> },
          { name: 'Ended', value: <Time at={replay.finished_at} /> },
          { name: 'Selected by', value: <SelectionText selection={replay.selection} /> },
        ]}
      />
    </>
  );
}

/** The filters that it was asked for with, name before value. */
function SelectionText({ selection }: { readonly selection: Replay['selection'] }) {
  const entries = Object.entries(selection);
  if (entries.length === 0) return 'everything';
  return entries.map(([name, value]) => (
    <div key={name}>
      {name.replaceAll('_', ' ')} <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>
    </div>
  ));
}

function ReplayActions({ replay }: { readonly replay: Replay }) {
  const mayRetry = useMay('retry');
  const [isAsking, setAsking] = useState(false);
  const refresh = useRefresh();
  const goOn = async () => {
    try {
      await answerOf(api.POST('/v1/replays/{id}/continue', { params: { path: { id: replay.id } } }));
      notify('It goes on with what was not sent.');
      await refresh();
    } catch (error) {
      notifyFailure(error);
    }
  };
  const cancel = async () => {
    await answerOf(api.POST('/v1/replays/{id}/cancel', { params: { path: { id: replay.id } } }));
    notify('Cancelled: nothing more is let go.');
    await refresh();
  };
  return (
    <>
      {mayRetry && replay.status === 'running' ? (
        <Button onClick={() => setAsking(true)}>Cancel…</Button>
      ) : null}
      {mayRetry && replay.status === 'cancelled' ? <Button onClick={() => void goOn()}>Go on</Button> : null}
      <CopyMenu items={[{ name: 'Copy id', text: replay.id }]} />
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title="Cancel this replay?"
        verb="Cancel the replay"
        look="danger"
        onConfirm={cancel}
      >
        <p>What was let go already is sent; what was not stays as it was.</p>
      </Confirm>
    </>
  );
}
