import { type FormEvent, useState } from 'react';
import type { components } from '../../../../clients/typescript/schema.ts';
import { answerOf, api } from '../../data/api.ts';
import { faultsByField } from '../../data/problem.ts';
import { useRefresh } from '../../data/use-list.ts';
import { useQuery } from '../../data/use-query.ts';
import { Button } from '../../parts/basics/button.tsx';
import { Section } from '../../parts/basics/page.tsx';
import { Failed, Skeleton } from '../../parts/basics/states.tsx';
import { FieldStack, TextField } from '../../parts/forms/field.tsx';
import { notify } from '../../parts/forms/notices.tsx';

type Rules = components['schemas']['DestinationRules'];

/** Where deliveries may go beside public addresses, and from where they come. */
export function Destinations() {
  const rules = useQuery({
    queryKey: ['destination-rules'],
    queryFn: () => answerOf(api.GET('/v1/destination-rules')),
  });
  const egress = useQuery({ queryKey: ['egress'], queryFn: () => answerOf(api.GET('/v1/egress')) });
  return (
    <>
      {rules.error === null ? null : <Failed error={rules.error} onRetry={() => void rules.refetch()} />}
      {rules.data === undefined && rules.error === null ? <Skeleton rows={4} /> : null}
      {rules.data === undefined ? null : <RulesForm key={rules.data.updated_at} rules={rules.data} />}
      <Section title="Egress addresses" panel>
        {egress.error === null ? null : <Failed error={egress.error} onRetry={() => void egress.refetch()} />}
        {egress.data === undefined ? null : <p>{egressText(egress.data.addresses)}</p>}
      </Section>
    </>
  );
}

function egressText(addresses: readonly string[]): string {
  if (addresses.length > 0) return `Receivers see ${addresses.join(', ')}.`;
  return 'None are set: requests come from the address that the network gives them.';
}

const FIELDS = [
  {
    name: 'allowed_destinations',
    label: 'Allowed networks',
    hint: 'CIDRs that may be reached although they are not public',
  },
  { name: 'denied_destinations', label: 'Denied networks', hint: 'CIDRs that may never be reached' },
  {
    name: 'allowed_hosts',
    label: 'Allowed hosts',
    hint: 'names that may resolve to addresses that are not public',
  },
  { name: 'allowed_ports', label: 'Allowed ports', hint: 'beside 443' },
] as const;

function RulesForm({ rules }: { readonly rules: Rules }) {
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(
    Object.fromEntries(FIELDS.map(({ name }) => [name, rules[name].join(', ')])),
  );
  const [error, setError] = useState<unknown>(null);
  const refresh = useRefresh();
  const faults = faultsByField(error);
  const listOf = (name: string) => (texts[name] ?? '').split(/[,\s]+/).filter(Boolean);
  const faultOf = (name: string) => Object.entries(faults).find(([place]) => place.startsWith(name))?.[1];
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const body = {
        allowed_destinations: listOf('allowed_destinations'),
        denied_destinations: listOf('denied_destinations'),
        allowed_hosts: listOf('allowed_hosts'),
        allowed_ports: listOf('allowed_ports').map(Number),
      };
      await answerOf(api.PUT('/v1/destination-rules', { body }));
      setError(null);
      notify('Saved: it counts for the next attempt on.');
      await refresh();
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <Section title="Rules" panel>
      <form onSubmit={submit}>
        <FieldStack>
          {FIELDS.map(({ name, label, hint }) => (
            <TextField
              key={name}
              label={label}
              value={texts[name] ?? ''}
              onChange={(event) => setTexts({ ...texts, [name]: event.target.value })}
              fault={faultOf(name)}
              hint={`${hint}${alsoOf(rules.configured[name])}`}
            />
          ))}
          {error === null ? null : <Failed error={error} onRetry={() => setError(null)} />}
          <div>
            <Button type="submit" look="primary">
              Save
            </Button>
          </div>
        </FieldStack>
      </form>
    </Section>
  );
}

/** What the settings add to a list of rules, for its hint. */
function alsoOf(configured: readonly (string | number)[]): string {
  return configured.length === 0 ? '' : `; by the settings also ${configured.join(', ')}`;
}
