import { type FormEvent, useState } from 'react';
import { KEY_SCOPES } from '../../../../clients/typescript/key-scopes.ts';
import { answerOf, api } from '../../data/api.ts';
import { faultsByField } from '../../data/problem.ts';
import type { Scope } from '../../data/types.ts';
import { useRefresh } from '../../data/use-list.ts';
import { Button } from '../../parts/basics/button.tsx';
import { Section } from '../../parts/basics/page.tsx';
import { Failed } from '../../parts/basics/states.tsx';
import { FieldGrid, FieldStack, TextField } from '../../parts/forms/field.tsx';
import { ScopePicker } from './scope-picker.tsx';

/** Makes a key of the narrowest rights that do. */
export function NewApiKey({ onMade }: { readonly onMade: (text: string) => void }) {
  const [name, setName] = useState('');
  const [customer, setCustomer] = useState('');
  const [cidrs, setCidrs] = useState('');
  const [scopes, setScopes] = useState<readonly Scope[]>(['publish', 'view']);
  const [error, setError] = useState<unknown>(null);
  const refresh = useRefresh();
  const faults = faultsByField(error);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const body = {
        name,
        customer_id: customer.trim() === '' ? null : customer.trim(),
        scopes: [...scopes],
        allowed_cidrs: cidrs.split(/[,\s]+/).filter(Boolean),
      };
      const { key } = await answerOf(api.POST('/v1/api-keys', { body }));
      await refresh();
      onMade(key);
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <Section title="New key" panel>
      <form onSubmit={submit}>
        <FieldStack>
          <FieldGrid>
            <TextField
              label="Name"
              value={name}
              onChange={(event) => setName(event.target.value)}
              fault={faults.name}
              placeholder="billing service"
            />
            <TextField
              label="Customer"
              value={customer}
              onChange={(event) => setCustomer(event.target.value)}
              fault={faults.customer_id}
              hint="Left empty it is a further key of the operator."
            />
            <TextField
              label="May come from"
              value={cidrs}
              onChange={(event) => setCidrs(event.target.value)}
              fault={faults['allowed_cidrs.0'] ?? faults.allowed_cidrs}
              hint="Networks such as 192.0.2.0/24; empty is anywhere."
            />
          </FieldGrid>
          <ScopePicker
            legend="Scopes"
            choices={KEY_SCOPES}
            value={scopes}
            onChange={setScopes}
            fault={faults.scopes}
          />
          {error === null ? null : <Failed error={error} onRetry={() => setError(null)} />}
          <div>
            <Button type="submit" look="primary">
              Create the key
            </Button>
          </div>
        </FieldStack>
      </form>
    </Section>
  );
}
