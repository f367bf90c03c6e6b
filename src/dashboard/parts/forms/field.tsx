import { type ComponentProps, type ReactNode, useId } from 'react';
import css from './field.module.css';

interface Labelled {
  readonly label: string;
  readonly hint?: ReactNode;
  /** What the API says is wrong with it. */
  readonly fault?: string | undefined;
}

interface LabelledProps extends Labelled {
  readonly control: (attributes: {
    readonly id: string;
    readonly className: string | undefined;
    readonly 'aria-invalid': true | undefined;
    readonly 'aria-describedby': string | undefined;
  }) => ReactNode;
}

function LabelledControl({ label, hint, fault, control }: LabelledProps) {
  const id = useId();
  const isDescribed = hint !== undefined || fault !== undefined;
  return (
    <div className={css.field}>
      <label className={css.label} htmlFor={id}>
        {label}
      </label>
      {control({
        id,
        className: css.input,
        'aria-invalid': fault === undefined ? undefined : true,
        'aria-describedby': isDescribed ? `${id}-about` : undefined,
      })}
      {isDescribed ? (
        <span id={`${id}-about`}>
          {fault === undefined ? null : <span className={css.fault}>{fault} </span>}
          {hint === undefined ? null : <span className={css.hint}>{hint}</span>}
        </span>
      ) : null}
    </div>
  );
}

/** A text with its label, a hint, and the fault that the API finds in it. */
export function TextField({ label, hint, fault, ...rest }: Labelled & ComponentProps<'input'>) {
  return (
    <LabelledControl
      label={label}
      hint={hint}
      fault={fault}
      control={(attributes) => (
        <input type="text" autoComplete="off" spellCheck={false} {...rest} {...attributes} />
      )}
    />
  );
}

/** A text of several lines. */
export function TextArea({ label, hint, fault, ...rest }: Labelled & ComponentProps<'textarea'>) {
  return (
    <LabelledControl
      label={label}
      hint={hint}
      fault={fault}
      control={(attributes) => <textarea spellCheck={false} {...rest} {...attributes} />}
    />
  );
}

interface Choice {
  readonly value: string;
  readonly text: string;
}

interface SelectProps extends Labelled, Omit<ComponentProps<'select'>, 'children'> {
  readonly choices: readonly Choice[];
}

/** One of several, by the list that the system has for it. */
export function SelectField({ label, hint, fault, choices, ...rest }: SelectProps) {
  return (
    <LabelledControl
      label={label}
      hint={hint}
      fault={fault}
      control={(attributes) => (
        <select {...rest} {...attributes}>
          {choices.map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    />
  );
}

/** Yes or no. */
export function CheckField({
  label,
  hint,
  ...rest
}: Pick<Labelled, 'label' | 'hint'> & ComponentProps<'input'>) {
  return (
    <label className={css.check}>
      <input type="checkbox" {...rest} />
      <span>
        {label}
        {hint === undefined ? null : <span className={css.hint}> {hint}</span>}
      </span>
    </label>
  );
}

/** Fields side by side where there is room. */
export function FieldGrid({ children }: { readonly children: ReactNode }) {
  return <div className={css.grid}>{children}</div>;
}

/** Fields one below the other. */
export function FieldStack({ children }: { readonly children: ReactNode }) {
  return <div className={css.stack}>{children}</div>;
}
