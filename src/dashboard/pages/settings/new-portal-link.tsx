import { useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { components } from '../../../../clients/typescript/schema.ts';
import { answerOf, api } from '../../data/api.ts';
import { faultsByField } from '../../data/problem.ts';
import { useRefresh } from '../../data/use-list.ts';
import { Button } from '../../parts/basics/button.tsx';
import { Section } from '../../parts/basics/page.tsx';
import { Failed } from '../../parts/basics/states.tsx';
import { FieldGrid, FieldStack, SelectField, TextField } from '../../parts/forms/field.tsx';
import { ScopePicker } from './scope-picker.tsx';

type Capability = components['schemas']['PortalCapability'];

const CAPABILITIES: readonly Capability[] = ['view', 'test', 'retry', 'manage_endpoints', 'secrets'];
const LIFETIMES = [
  { value: '3600', text: 'An hour' },
  { value: '28800', text: 'Eight hours' },
  { value: '86400', text: 'A day' },
];

/** Makes a link of what a customer may see and do. */
export function NewPortalLink({ onMade }: { readonly onMade: (url: string) => void }) {
  const { customer_id: scoped } = useSearch({ strict: false });
  const [customer, setCustomer] = useState(scoped ?? '');
  const [name, setName] = useState('');
  const [seconds, setSeconds] = useState('3600');
  const [capabilities, setCapabilities] = useState<readonly Capability[]>([
    'view',
    'test',
    'retry',
    'manage_endpoints',
  ]);
  const [error, setError] = useState<unknown>(null);
  const refresh = useRefresh();
  const faults = faultsByField(error);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const body = {
        customer_id: customer.trim(),
        capabilities: [...capabilities],
        expires_in_seconds: Number(seconds),
        name: name.trim() === '' ? null : name.trim(),
        logo: null,
        theme: 'auto' as const,
      };
      const { url } = await answerOf(api.POST('/v1/portal-sessions', { body }));
      await refresh();
      onMade(url);
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <Section title="New link" panel>
      <form onSubmit={submit}>
        <FieldStack>
          <FieldGrid>
            <TextField
              label="Customer"
              required
              value={customer}
              onChange={(event) => setCustomer(event.target.value)}
              fault={faults.customer_id}
            />
            <TextField
              label="Name on the page"
              value={name}
              onChange={(event) => setName(event.target.value)}
              fault={faults.name}
              placeholder="Acme webhooks"
            />
            <SelectField
              label="Good for"
              value={seconds}
              choices={LIFETIMES}
              onChange={(event) => setSeconds(event.target.value)}
            />
          </FieldGrid>
          <ScopePicker
            legend="Allows"
            choices={CAPABILITIES}
            value={capabilities}
            onChange={setCapabilities}
            fault={faults.capabilities}
          />
          {error === null ? null : <Failed error={error} onRetry={() => setError(null)} />}
          <div>
            <Button type="submit" look="primary">
              Create the link
            </Button>
          </div>
        </FieldStack>
      </form>
    </Section>
  );
}
