import { type FormEvent, useState } from 'react';
import { answerOf, api } from '../../data/api.ts';
import { faultsByField } from '../../data/problem.ts';
import type { EventType } from '../../data/types.ts';
import { useRefresh } from '../../data/use-list.ts';
import { Button } from '../../parts/basics/button.tsx';
import { Section } from '../../parts/basics/page.tsx';
import { Failed } from '../../parts/basics/states.tsx';
import { CheckField, FieldStack, TextArea, TextField } from '../../parts/forms/field.tsx';
import { notify } from '../../parts/forms/notices.tsx';

interface Props {
  /** Null makes a new one. */
  readonly type: EventType | null;
  readonly onSaved: (name: string) => void;
}

/** Registers an event type, or changes what can be changed of one. */
export function EventTypeForm({ type, onSaved }: Props) {
  const [name, setName] = useState(type?.name ?? '');
  const [description, setDescription] = useState(type?.description ?? '');
  const [schema, setSchema] = useState(type?.schema == null ? '' : JSON.stringify(type.schema, null, 2));
  const [isOptIn, setOptIn] = useState(type?.opt_in ?? false);
  const [isBroadcast, setBroadcast] = useState(type?.broadcast ?? false);
  const [error, setError] = useState<unknown>(null);
  const [schemaFault, setSchemaFault] = useState<string>();
  const refresh = useRefresh();
  const faults = faultsByField(error);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const read = readSchema(schema);
    setSchemaFault(read.fault);
    if (read.fault !== undefined) return;
    try {
      if (type === null) {
        const body = { name, description, schema: read.schema, opt_in: isOptIn, broadcast: isBroadcast };
        await answerOf(api.POST('/v1/event-types', { body }));
      } else {
        const body = { description, schema: read.schema };
        await answerOf(api.PATCH('/v1/event-types/{name}', { params: { path: { name: type.name } }, body }));
      }
      notify('Saved.');
      await refresh();
      onSaved(name);
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <Section title={type === null ? 'New event type' : 'Change it'} panel>
      <form onSubmit={submit}>
        <FieldStack>
          {type === null ? (
            <TextField
              label="Name"
              required
              value={name}
              onChange={(event) => setName(event.target.value)}
              fault={faults.name}
              hint="Words of letters, digits, _ and -, joined by dots: invoice.paid"
            />
          ) : null}
          <TextField
            label="Description"
            value={description}
            onChange={(event) => setDescription(event.target.value)}
            fault={faults.description}
          />
          <TextArea
            label="JSON Schema of the data"
            value={schema}
            onChange={(event) => setSchema(event.target.value)}
            fault={schemaFault ?? faults.schema}
            hint="Left empty, any object is taken."
          />
          {type === null ? (
            <>
              <CheckField
                label="Opt-in"
                hint="goes only to endpoints that name it"
                checked={isOptIn}
                onChange={(event) => setOptIn(event.target.checked)}
              />
              <CheckField
                label="Broadcast"
                hint="may be published to every customer at once"
                checked={isBroadcast}
                onChange={(event) => setBroadcast(event.target.checked)}
              />
            </>
          ) : null}
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

function readSchema(text: string): {
  readonly schema: Record<string, unknown> | null;
  readonly fault?: string;
} {
  if (text.trim() === '') return { schema: null };
  try {
    const schema: unknown = JSON.parse(text);
    if (typeof schema === 'object' && schema !== null && !Array.isArray(schema))
      return { schema: { ...schema } };
  } catch {
    return { schema: null, fault: 'This is no JSON.' };
  }
  return { schema: null, fault: 'A schema is an object.' };
}
