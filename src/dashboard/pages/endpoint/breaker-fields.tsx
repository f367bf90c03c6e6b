import { Section } from '../../parts/basics/page.tsx';
import { FieldGrid, TextField } from '../../parts/forms/field.tsx';
import type { SectionProps, SettingsForm } from './settings-form.ts';

interface BreakerField {
  readonly name: keyof SettingsForm['breaker'];
  readonly label: string;
  readonly hint: string;
}

const BREAKER_FIELDS: readonly BreakerField[] = [
  { name: 'consecutive_failures', label: 'Opens after', hint: 'failures in a row' },
  { name: 'failure_ratio', label: 'Or at a share of', hint: 'failures, from 0.01 to 1' },
  { name: 'minimum_attempts', label: 'Of at least', hint: 'attempts' },
  { name: 'window_ms', label: 'Within', hint: 'milliseconds' },
  { name: 'cooldown_ms', label: 'Tries again after', hint: 'milliseconds, doubled each time that fails' },
  { name: 'max_cooldown_ms', label: 'At the latest after', hint: 'milliseconds' },
];

/** When an endpoint that fails is left alone, and when it is tried again. */
export function BreakerFields({ form, set, faults }: SectionProps) {
  return (
    <Section title="Breaker" panel>
      <FieldGrid>
        {BREAKER_FIELDS.map(({ name, label, hint }) => (
          <TextField
            key={name}
            label={label}
            hint={hint}
            inputMode="decimal"
            value={form.breaker[name]}
            onChange={(event) => set({ breaker: { ...form.breaker, [name]: event.target.value } })}
            fault={faults[`breaker.${name}`]}
          />
        ))}
      </FieldGrid>
    </Section>
  );
}
