import { useState } from 'react';
import type { components } from '../../../../clients/typescript/schema.ts';
import { answerOf, api } from '../../data/api.ts';
import { PAGE } from '../../data/page.ts';
import { useList } from '../../data/use-list.ts';
import { Section } from '../../parts/basics/page.tsx';
import { Empty, Failed, Skeleton } from '../../parts/basics/states.tsx';
import { ExactTime } from '../../parts/basics/time.tsx';
import { BodyView, HeadersView } from '../../parts/data/body-view.tsx';
import { HeldRows } from '../../parts/data/held-rows.tsx';
import { FilterBar, FilterText } from '../../parts/data/list.tsx';

type Received = components['schemas']['EchoList']['items'][number];

/** What an echo receiver got, newest first. */
export function Echo() {
  const [name, setName] = useState('hello');
  const list = useList<Received>({
    key: ['echo', name],
    keyOf,
    fetch: (cursor) =>
      answerOf(
        api.GET('/v1/echo/{name}', {
          params: { path: { name }, query: cursor === undefined ? {} : { cursor } },
        }),
      ),
  });
  const url = `${location.origin}${PAGE.base}/v1/echo/${name}`;
  return (
    <>
      <FilterBar>
        <FilterText label="Receiver" value={name} onChange={(text) => setName(text ?? 'hello')} />
        <code>{url}</code>
      </FilterBar>
      <p>
        It answers 200 at once. <code>?status=503</code>, <code>?delay_ms=2000</code> and{' '}
        <code>?fail_ratio=0.3</code> behind the URL have it answer otherwise.
      </p>
      {list.error === null ? null : <Failed error={list.error} onRetry={list.refetch} />}
      {list.items === undefined && list.error === null ? <Skeleton rows={3} /> : null}
      {list.items?.length === 0 ? (
        <Empty title="Nothing has come yet">
          <p>Make an endpoint with this URL and send it a test.</p>
        </Empty>
      ) : null}
      <HeldRows waiting={list.waiting} what="requests">
        {list.items?.map((item) => (
          <article key={keyOf(item)}>
            <Section title={item.headers['x-webhook-event'] ?? 'Request'}>
              <p>
                <ExactTime at={item.received_at} />
              </p>
              <HeadersView label="Headers" headers={item.headers} />
              <BodyView label="Body" text={item.body} note={item.truncated === true ? 'cut off' : null} />
            </Section>
          </article>
        ))}
      </HeldRows>
    </>
  );
}

function keyOf({ received_at: at, headers }: Received): string {
  return at + (headers['webhook-id'] ?? '');
}
