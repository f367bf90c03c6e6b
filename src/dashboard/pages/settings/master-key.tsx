import { answerOf, api } from '../../data/api.ts';
import { useQuery } from '../../data/use-query.ts';
import { Facts, Section } from '../../parts/basics/page.tsx';
import { Failed, Skeleton } from '../../parts/basics/states.tsx';
import { Bars } from '../../parts/data/bars.tsx';

/** By which master keys secrets are sealed, and which processes have them. */
export function MasterKey() {
  const query = useQuery({ queryKey: ['master-key'], queryFn: () => answerOf(api.GET('/v1/master-key')) });
  const { data, error } = query;
  if (error !== null) return <Failed error={error} onRetry={() => void query.refetch()} />;
  if (data === undefined) return <Skeleton rows={4} />;
  return (
    <>
      <Facts
        facts={[
          { name: 'Seals with', value: <code>{data.key_id}</code> },
          { name: 'Endpoints', value: data.endpoints.toLocaleString() },
          { name: 'Processes', value: data.processes.length },
        ]}
      />
      <Section title="Sealed by key" panel>
        <Bars rows={data.sealed.map(({ key_id: id, count }) => ({ name: id ?? 'not sealed', count }))} />
      </Section>
      <Section title="Processes" panel>
        <ul>
          {data.processes.map(({ name, key_ids: ids }) => (
            <li key={name}>
              {name}: <code>{ids.join(', ')}</code>
            </li>
          ))}
        </ul>
        <p>
          <code>posthorn keys rotate-master</code> seals everything anew by the first key.
        </p>
      </Section>
    </>
  );
}
