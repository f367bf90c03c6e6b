import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useCaller } from '../../app/session.ts';
import { answerOf, api } from '../../data/api.ts';
import { useEventTypes } from '../../data/endpoints.ts';
import { PAGE } from '../../data/page.ts';
import { faultsByField } from '../../data/problem.ts';
import { Button, buttonClass } from '../../parts/basics/button.tsx';
import { CopyButton } from '../../parts/basics/id-text.tsx';
import { Banner, Page, Section } from '../../parts/basics/page.tsx';
import { Failed } from '../../parts/basics/states.tsx';
import { EventPicker } from '../../parts/forms/event-picker.tsx';
import { FieldStack, TextField } from '../../parts/forms/field.tsx';

/** Where this instance receives what it sends itself, to try things out. */
const ECHO = `${location.origin}${PAGE.base}/v1/echo/hello`;

interface Made {
  readonly id: string;
  readonly secret: string;
}

/** Makes an endpoint of the least that one needs; every rule has a default and can be set afterwards. */
export function NewEndpointPage() {
  const [made, setMade] = useState<Made | null>(null);
  return (
    <Page
      title="New endpoint"
      lead="URL and events; retries, rate, order and the rest have defaults and can be set afterwards."
    >
      {made === null ? <NewEndpointForm onMade={setMade} /> : <MadeEndpoint made={made} />}
    </Page>
  );
}

function NewEndpointForm({ onMade }: { readonly onMade: (made: Made) => void }) {
  const { customer_id: scoped } = useSearch({ strict: false });
  const caller = useCaller();
  const types = useEventTypes();
  const [url, setUrl] = useState('');
  const [customer, setCustomer] = useState(scoped ?? '');
  const [description, setDescription] = useState('');
  const [events, setEvents] = useState<readonly string[]>(['*']);
  const [error, setError] = useState<unknown>(null);
  const faults = faultsByField(error);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const body = {
        url: url.trim(),
        description,
        events: [...events],
        ...(caller?.kind === 'operator'
          ? { customer_id: customer.trim() === '' ? null : customer.trim() }
          : {}),
      };
      onMade(await answerOf(api.POST('/v1/endpoints', { body })));
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <Section title="Where and what" panel>
      <form onSubmit={submit}>
        <FieldStack>
          <TextField
            label="URL"
            name="url"
            type="url"
            required
            autoFocus
            placeholder="https://example.com/webhooks"
            value={url}
            onChange={(event) => setUrl(event.target.value)}
            fault={faults.url}
            hint={
              PAGE.door === 'portal' ? undefined : (
                <Button small look="quiet" onClick={() => setUrl(ECHO)}>
                  Use the built-in echo receiver
                </Button>
              )
            }
          />
          {caller?.kind === 'operator' ? (
            <TextField
              label="Customer"
              name="customer"
              value={customer}
              onChange={(event) => setCustomer(event.target.value)}
              fault={faults.customer_id}
              hint="Whose it is. Left empty it is yours, and gets every customer’s events."
            />
          ) : null}
          <EventPicker types={types} value={events} onChange={setEvents} fault={faults.events} />
          <TextField
            label="Description"
            name="description"
            value={description}
            onChange={(event) => setDescription(event.target.value)}
            fault={faults.description}
          />
          {error === null || Object.keys(faults).length > 0 ? null : (
            <Failed error={error} onRetry={() => setError(null)} />
          )}
          <div>
            <Button type="submit" look="primary">
              Create the endpoint
            </Button>
          </div>
        </FieldStack>
      </form>
    </Section>
  );
}

function MadeEndpoint({ made }: { readonly made: Made }) {
  const navigate = useNavigate();
  return (
    <>
      <Banner tone="ok">
        <strong>The endpoint is made.</strong> Its receiver verifies what comes by this secret. Whoever may
        read secrets finds it on the endpoint’s page again.
        <p>
          <code>{made.secret}</code> <CopyButton text={made.secret} label="Copy the secret" always />
        </p>
      </Banner>
      <div>
        <Button
          look="primary"
          onClick={() =>
            void navigate({ to: '/endpoints/$id', params: { id: made.id }, search: { tab: 'test' } })
          }
        >
          Send a test
        </Button>{' '}
        <Link to="/endpoints/$id" params={{ id: made.id }} className={buttonClass()}>
          Open the endpoint
        </Link>
      </div>
    </>
  );
}
