import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { postText } from '../../data/api.ts';
import { useEventTypes } from '../../data/endpoints.ts';
import { asProblem } from '../../data/problem.ts';
import type { Endpoint } from '../../data/types.ts';
import { Button } from '../../parts/basics/button.tsx';
import { Banner, Section } from '../../parts/basics/page.tsx';
import { Failed } from '../../parts/basics/states.tsx';
import { FieldStack, SelectField, TextArea } from '../../parts/forms/field.tsx';
import { TestResult } from './test-result.tsx';

/** Sends a test of any type with any data, and shows what came of it at once. */
export function EndpointTest({ endpoint }: { readonly endpoint: Endpoint }) {
  const types = useEventTypes();
  const [type, setType] = useState('');
  const [data, setData] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [deliveryId, setDeliveryId] = useState<string | null>(null);
  const send = async () => {
    setError(null);
    setDeliveryId(null);
    try {
      const answer = await postText(`/v1/endpoints/${endpoint.id}/test`, bodyOf(type, data));
      setDeliveryId(deliveryIdOf(answer));
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <>
      <Section title="Send a test" panel>
        <FieldStack>
          <SelectField
            label="Event type"
            value={type}
            onChange={(event) => setType(event.target.value)}
            choices={[
              { value: '', text: 'The first that it names' },
              ...types.map((name) => ({ value: name, text: name })),
            ]}
          />
          <TextArea
            label="Data"
            value={data}
            onChange={(event) => setData(event.target.value)}
            placeholder="Left empty: sample data of the type"
            fault={error !== null && asProblem(error).faults.length > 0 ? faultText(error) : undefined}
            hint="A JSON object, sent as it stands here. The delivery is marked as a test everywhere."
          />
          <div>
            <Button look="primary" icon="deliveries" onClick={send}>
              Send a test
            </Button>
          </div>
        </FieldStack>
      </Section>
      {error === null ? null : <Failed error={error} onRetry={send} />}
      {deliveryId === null ? null : (
        <>
          <Banner tone="ok">
            The test is under way as{' '}
            <Link to="/deliveries/$id" params={{ id: deliveryId }}>
              its own delivery
            </Link>
            .
          </Banner>
          <TestResult deliveryId={deliveryId} />
        </>
      )}
    </>
  );
}

function faultText(error: unknown): string {
  return asProblem(error)
    .faults.map(({ pointer, detail }) => `${pointer ?? ''} ${detail}`)
    .join(' ');
}

/** Written by hand, so that data goes out byte for byte. */
function bodyOf(type: string, data: string): string {
  const members = [
    ...(type === '' ? [] : [`"event":${JSON.stringify(type)}`]),
    ...(data.trim() === '' ? [] : [`"data":${data}`]),
  ];
  return `{${members.join(',')}}`;
}

function deliveryIdOf(answer: unknown): string | null {
  if (typeof answer !== 'object' || answer === null || !('delivery_id' in answer)) return null;
  return String(answer.delivery_id);
}
