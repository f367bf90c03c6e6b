import css from './event-picker.module.css';
import { CheckField } from './field.tsx';

interface Props {
  /** The types that there are. */
  readonly types: readonly string[];
  /** Names and patterns that are chosen. */
  readonly value: readonly string[];
  readonly onChange: (value: readonly string[]) => void;
  readonly fault?: string | undefined;
}

const ALL = '*';

/** Which events an endpoint gets: all, or those that are named. */
export function EventPicker({ types, value, onChange, fault }: Props) {
  const toggle = (name: string) => {
    const without = value.filter((one) => one !== name && one !== ALL);
    const next = value.includes(name) ? without : [...without, name];
    onChange(next.length === 0 ? [ALL] : next);
  };
  const patterns = value.filter((name) => name !== ALL && !types.includes(name));
  return (
    <fieldset>
      <legend className={css.legend}>Events</legend>
      {fault === undefined ? null : <span className={css.fault}>{fault}</span>}
      <div className={css.list}>
        <CheckField
          label="Everything"
          hint="but what has to be named"
          checked={value.includes(ALL)}
          onChange={() => onChange([ALL])}
        />
        {[...patterns, ...types].map((name) => (
          <CheckField key={name} label={name} checked={value.includes(name)} onChange={() => toggle(name)} />
        ))}
      </div>
    </fieldset>
  );
}
