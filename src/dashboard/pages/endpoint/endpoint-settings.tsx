import { useBlocker } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useMay } from '../../app/session.ts';
import { answerOf, api } from '../../data/api.ts';
import { useEventTypes } from '../../data/endpoints.ts';
import { faultsByField } from '../../data/problem.ts';
import type { Endpoint } from '../../data/types.ts';
import { useRefresh } from '../../data/use-list.ts';
import { Button } from '../../parts/basics/button.tsx';
import { Section } from '../../parts/basics/page.tsx';
import { Failed } from '../../parts/basics/states.tsx';
import { EventPicker } from '../../parts/forms/event-picker.tsx';
import { CheckField, FieldGrid, FieldStack, TextField } from '../../parts/forms/field.tsx';
import { notify } from '../../parts/forms/notices.tsx';
import { BreakerFields } from './breaker-fields.tsx';
import css from './endpoint.module.css';
import { RetryFields } from './retry-fields.tsx';
import { changesOf, formOf, type SectionProps, type SettingsForm } from './settings-form.ts';

/**
 * The rules of an endpoint, a section each; only what was changed is sent, and the API names what is wrong at its
 * field.
 */
export function EndpointSettings({ endpoint }: { readonly endpoint: Endpoint }) {
  const before = formOf(endpoint);
  const [form, setForm] = useState(before);
  const [error, setError] = useState<unknown>(null);
  const mayManage = useMay('manage_endpoints');
  const refresh = useRefresh();
  const changes = changesOf(form, before, endpoint);
  const changed = Object.keys(changes);
  useBlocker({
    shouldBlockFn: ({ current, next }) =>
      changed.length > 0 &&
      current.pathname !== next.pathname &&
      !confirm('Leave without saving what was changed?'),
    enableBeforeUnload: changed.length > 0,
  });
  const faults = faultsByField(error);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await answerOf(
        api.PATCH('/v1/endpoints/{id}', { params: { path: { id: endpoint.id } }, body: changes }),
      );
      setError(null);
      notify(`Saved: ${changed.join(', ')}.`);
      await refresh();
    } catch (cause) {
      setError(cause);
    }
  };
  const set = (part: Partial<SettingsForm>) => setForm({ ...form, ...part });
  return (
    <form onSubmit={submit}>
      <FieldStack>
        <fieldset disabled={!mayManage}>
          <FieldStack>
            <WhereAndWhat form={form} set={set} faults={faults} />
            <RetryFields form={form} set={set} faults={faults} />
            <Rules form={form} set={set} faults={faults} />
            <BreakerFields form={form} set={set} faults={faults} />
            <Recovery form={form} set={set} faults={faults} />
          </FieldStack>
        </fieldset>
        {error === null ? null : <Failed error={error} onRetry={() => setError(null)} />}
        <div className={css.buttons}>
          <Button type="submit" look="primary" refusal={changed.length === 0 ? 'Nothing was changed' : null}>
            {changed.length === 0 ? 'Save' : `Save ${changed.join(', ')}`}
          </Button>
          {changed.length === 0 ? null : <Button onClick={() => setForm(before)}>Undo</Button>}
        </div>
      </FieldStack>
    </form>
  );
}

function WhereAndWhat({ form, set, faults }: SectionProps) {
  const types = useEventTypes();
  return (
    <Section title="Where and what" panel>
      <FieldStack>
        <TextField
          label="URL"
          type="url"
          value={form.url}
          onChange={(event) => set({ url: event.target.value })}
          fault={faults.url}
        />
        <TextField
          label="Description"
          value={form.description}
          onChange={(event) => set({ description: event.target.value })}
          fault={faults.description}
        />
        <EventPicker
          types={types}
          value={form.events}
          onChange={(events) => set({ events })}
          fault={faults.events}
        />
      </FieldStack>
    </Section>
  );
}

function Rules({ form, set, faults }: SectionProps) {
  return (
    <Section title="Rate, order and batches" panel>
      <FieldStack>
        <FieldGrid>
          <TextField
            label="Calls at most"
            inputMode="numeric"
            value={form.rate}
            onChange={(event) => set({ rate: event.target.value })}
            fault={faults['rate_limit.limit']}
            hint={`a ${form.per}; empty is without limit`}
          />
          <TextField
            label="Calls under way at most"
            inputMode="numeric"
            value={form.concurrency}
            onChange={(event) => set({ concurrency: event.target.value })}
            fault={faults.max_concurrency}
            hint="empty is without limit"
          />
          <TextField
            label="Events a batch"
            inputMode="numeric"
            value={form.batchEvents}
            onChange={(event) => set({ batchEvents: event.target.value })}
            fault={faults['batch.max_events']}
            hint="empty sends each alone"
          />
          <TextField
            label="A batch waits at most"
            inputMode="numeric"
            value={form.batchWait}
            onChange={(event) => set({ batchWait: event.target.value })}
            fault={faults['batch.max_wait_ms']}
            hint="milliseconds"
          />
        </FieldGrid>
        <CheckField
          label="In order"
          hint="each waits until the one before it is delivered or dead"
          checked={form.ordered}
          onChange={(event) => set({ ordered: event.target.checked })}
        />
      </FieldStack>
    </Section>
  );
}

function Recovery({ form, set }: SectionProps) {
  return (
    <Section title="After an outage" panel>
      <CheckField
        label="Send again what died meanwhile"
        hint="by a replay, once, when the endpoint is well again"
        checked={form.replayOnRecovery}
        onChange={(event) => set({ replayOnRecovery: event.target.checked })}
      />
    </Section>
  );
}
