import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useCaller } from '../../app/session.ts';
import { postText } from '../../data/api.ts';
import { useEventTypes } from '../../data/endpoints.ts';
import { faultsByField } from '../../data/problem.ts';
import { Button } from '../../parts/basics/button.tsx';
import { Page, Section } from '../../parts/basics/page.tsx';
import { Failed } from '../../parts/basics/states.tsx';
import { FieldGrid, FieldStack, SelectField, TextArea, TextField } from '../../parts/forms/field.tsx';
import { notify } from '../../parts/forms/notices.tsx';

const SAMPLE = '{\n  "job_id": "job_1",\n  "status": "completed"\n}';

/** Publishes one event; its data goes out byte for byte as it is written. */
export function PublishPage() {
  const { customer_id: scoped } = useSearch({ strict: false });
  const caller = useCaller();
  const types = useEventTypes();
  const navigate = useNavigate();
  const [type, setType] = useState('job.completed');
  const [customer, setCustomer] = useState(scoped ?? '');
  const [data, setData] = useState(SAMPLE);
  const [error, setError] = useState<unknown>(null);
  const faults = faultsByField(error);
  const isOperator = caller?.kind === 'operator';
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const who = isOperator ? `"customer_id":${JSON.stringify(customer.trim())},` : '';
    try {
      const answer = await postText('/v1/events', `{"event":${JSON.stringify(type)},${who}"data":${data}}`);
      const id = typeof answer === 'object' && answer !== null && 'id' in answer ? String(answer.id) : '';
      notify('Accepted: the event and its deliveries are kept.');
      await navigate({ to: '/events/$id', params: { id } });
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <Page
      title="Publish an event"
      lead="As the API does it: accepted once, then delivered to every endpoint that takes it."
    >
      <Section title="Event" panel>
        <form onSubmit={submit}>
          <FieldStack>
            <FieldGrid>
              <SelectField
                label="Event type"
                value={type}
                choices={types.map((name) => ({ value: name, text: name }))}
                onChange={(event) => setType(event.target.value)}
                fault={faults.event}
              />
              {isOperator ? (
                <TextField
                  label="Customer"
                  name="customer"
                  required
                  value={customer}
                  onChange={(event) => setCustomer(event.target.value)}
                  fault={faults.customer_id}
                  placeholder="acme"
                />
              ) : null}
            </FieldGrid>
            <TextArea
              label="Data"
              value={data}
              onChange={(event) => setData(event.target.value)}
              fault={faults.data}
              hint="A JSON object. Numbers keep every digit."
            />
            {error === null ? null : <Failed error={error} onRetry={() => setError(null)} />}
            <div>
              <Button type="submit" look="primary" icon="events">
                Publish
              </Button>
            </div>
          </FieldStack>
        </form>
      </Section>
    </Page>
  );
}
