import type { Scope } from '../../data/types.ts';
import { CheckField, FieldStack } from '../../parts/forms/field.tsx';

const MEANINGS: Readonly<Record<Scope, string>> = {
  publish: 'publish events, cancel scheduled ones',
  view: 'read and list',
  test: 'send tests to endpoints',
  retry: 'retry, cancel, discard and recover deliveries',
  manage_endpoints: 'create, change, switch and delete endpoints',
  secrets: 'see and rotate signing secrets',
  operate: 'everything that is the operator’s alone',
};

interface Props<S extends Scope> {
  readonly legend: string;
  readonly choices: readonly S[];
  readonly value: readonly S[];
  readonly onChange: (value: readonly S[]) => void;
  readonly fault?: string | undefined;
}

/** What a key or a link may do, in the words of the scopes. */
export function ScopePicker<S extends Scope>({ legend, choices, value, onChange, fault }: Props<S>) {
  const toggle = (scope: S) =>
    onChange(choices.filter((one) => (one === scope ? !value.includes(one) : value.includes(one))));
  return (
    <fieldset>
      <legend>{legend}</legend>
      {fault === undefined ? null : <p role="alert">{fault}</p>}
      <FieldStack>
        {choices.map((scope) => (
          <CheckField
            key={scope}
            label={scope}
            hint={MEANINGS[scope]}
            checked={value.includes(scope)}
            onChange={() => toggle(scope)}
          />
        ))}
      </FieldStack>
    </fieldset>
  );
}
