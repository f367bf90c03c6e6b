import { type FormEvent, useState } from 'react';
import type { components } from '../../../../clients/typescript/schema.ts';
import { answerOf, api } from '../../data/api.ts';
import { Button } from '../../parts/basics/button.tsx';
import { Banner, Section } from '../../parts/basics/page.tsx';
import { Failed } from '../../parts/basics/states.tsx';
import { Chip } from '../../parts/basics/status.tsx';
import { type Column, Table } from '../../parts/data/table.tsx';
import { FieldStack, TextArea, TextField } from '../../parts/forms/field.tsx';

type Verdict = components['schemas']['Verdict'];

const COLUMNS: readonly Column<Verdict['checks'][number]>[] = [
  {
    key: 'passed',
    head: 'Result',
    cell: ({ passed }) =>
      passed ? (
        <Chip tone="ok" icon="delivered">
          holds
        </Chip>
      ) : (
        <Chip tone="failing" icon="cross">
          broken
        </Chip>
      ),
  },
  { key: 'rule', head: 'Rule', cell: ({ rule }) => rule },
  {
    key: 'message',
    head: 'What was found',
    look: 'grow',
    cell: ({ message }) => <span title={message}>{message}</span>,
  },
];

/** Says which rule of verification a request breaks, from what was received. */
export function Verify() {
  const [headers, setHeaders] = useState('');
  const [body, setBody] = useState('');
  const [secret, setSecret] = useState('');
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setError(null);
    try {
      setVerdict(
        await answerOf(api.POST('/v1/tools/verify', { body: { headers: headersOf(headers), body, secret } })),
      );
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <>
      <Section title="What was received" panel>
        <form onSubmit={submit}>
          <FieldStack>
            <TextArea
              label="Headers"
              value={headers}
              onChange={(event) => setHeaders(event.target.value)}
              placeholder={'webhook-id: del_…\nwebhook-timestamp: …\nwebhook-signature: v1,…'}
              hint="One a line, as they came."
            />
            <TextArea
              label="Body"
              value={body}
              onChange={(event) => setBody(event.target.value)}
              hint="Exactly the bytes that came: set out anew, they have another signature."
            />
            <TextField
              label="Secret"
              value={secret}
              onChange={(event) => setSecret(event.target.value)}
              placeholder="whsec_…"
            />
            <div>
              <Button type="submit" look="primary">
                Verify
              </Button>
            </div>
          </FieldStack>
        </form>
      </Section>
      {error === null ? null : <Failed error={error} onRetry={() => setError(null)} />}
      {verdict === null ? null : (
        <>
          <Banner tone={verdict.valid ? 'ok' : 'failing'}>
            <span role="status">
              {verdict.valid ? 'It verifies.' : 'It does not verify: see the rules that are broken.'}
            </span>
          </Banner>
          <Table
            label="Rules"
            columns={COLUMNS}
            rows={verdict.checks}
            keyOf={({ code, rule }) => rule + code}
          />
        </>
      )}
    </>
  );
}

function headersOf(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.includes(':'));
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    }),
  );
}
