import { Section } from '../../parts/basics/page.tsx';
import { durationText } from '../../parts/basics/time.tsx';
import { FieldGrid, FieldStack, SelectField, TextField } from '../../parts/forms/field.tsx';
import css from './endpoint.module.css';
import { delaysOf, type SectionProps, type SettingsForm } from './settings-form.ts';

const STRATEGIES = [
  { value: 'exponential', text: 'exponential' },
  { value: 'linear', text: 'linear' },
  { value: 'fixed', text: 'fixed' },
  { value: 'schedule', text: 'schedule' },
] as const;

function isStrategy(text: string): text is SettingsForm['strategy'] {
  return STRATEGIES.some(({ value }) => value === text);
}

/** How failures are tried again, with what that comes to. */
export function RetryFields({ form, set, faults }: SectionProps) {
  return (
    <Section title="Time and retries" panel>
      <FieldStack>
        <FieldGrid>
          <TextField
            label="Timeout"
            inputMode="numeric"
            value={form.timeout}
            onChange={(event) => set({ timeout: event.target.value })}
            fault={faults.timeout_ms}
            hint="milliseconds, for the whole answer"
          />
          <SelectField
            label="Strategy"
            value={form.strategy}
            choices={STRATEGIES}
            fault={faults['retry.strategy']}
            onChange={(event) => {
              if (isStrategy(event.target.value)) set({ strategy: event.target.value });
            }}
          />
          {form.strategy === 'schedule' ? (
            <TextField
              label="Waits"
              value={form.delays}
              onChange={(event) => set({ delays: event.target.value })}
              fault={faults['retry.delays_ms']}
              hint="milliseconds, separated by commas"
            />
          ) : (
            <Steps form={form} set={set} faults={faults} />
          )}
        </FieldGrid>
        <p className={css.schedule}>{scheduleText(form)}</p>
      </FieldStack>
    </Section>
  );
}

function Steps({ form, set, faults }: SectionProps) {
  return (
    <>
      <TextField
        label="Retries"
        inputMode="numeric"
        value={form.maxRetries}
        onChange={(event) => set({ maxRetries: event.target.value })}
        fault={faults['retry.max_retries']}
      />
      <TextField
        label="First wait"
        inputMode="numeric"
        value={form.initial}
        onChange={(event) => set({ initial: event.target.value })}
        fault={faults['retry.initial_ms']}
        hint="milliseconds"
      />
      {form.strategy === 'exponential' ? (
        <TextField
          label="Factor"
          inputMode="decimal"
          value={form.factor}
          onChange={(event) => set({ factor: event.target.value })}
          fault={faults['retry.factor']}
        />
      ) : null}
      <TextField
        label="Longest wait"
        inputMode="numeric"
        value={form.most}
        onChange={(event) => set({ most: event.target.value })}
        fault={faults['retry.max_ms']}
        hint="milliseconds"
      />
    </>
  );
}

/** When attempts are made, counted from the first: `at once, 10 s, 1 min 10 s → dead after 7 min 10 s`. */
function scheduleText(form: SettingsForm): string {
  const delays = delaysOf(form);
  if (delays.length === 0 || delays.some(Number.isNaN))
    return 'One attempt only: what fails is dead at once.';
  let sum = 0;
  const times = delays.map((delay) => {
    sum += delay;
    return durationText(sum);
  });
  return (
    `Attempts at once, after ${times.join(', ')} → dead after ${durationText(sum)}. Without ` +
    `the jitter, which spreads them.`
  );
}
