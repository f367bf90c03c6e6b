import type { ComponentProps, ReactNode } from 'react';
import css from './button.module.css';
import { Icon, type IconName } from './icon.tsx';

export type ButtonLook = 'default' | 'primary' | 'danger' | 'quiet';

interface ButtonProps extends Omit<ComponentProps<'button'>, 'children' | 'className'> {
  readonly look?: ButtonLook;
  readonly small?: boolean;
  readonly icon?: IconName;
  /** Why it cannot be pressed at the moment; it stays in the order of the keyboard, so that everybody can learn why. */
  readonly refusal?: string | null;
  readonly children: ReactNode;
}

/** The classes that make a link look like a button. */
export function buttonClass(look: ButtonLook = 'default', small = false): string {
  return [css.button, look === 'default' ? '' : css[look], small ? css.small : ''].filter(Boolean).join(' ');
}

/** A button in words, with a picture beside them at most. */
export function Button({
  look = 'default',
  small = false,
  icon,
  refusal = null,
  children,
  ...rest
}: ButtonProps) {
  const isRefused = refusal !== null;
  return (
    <button
      type="button"
      {...rest}
      className={buttonClass(look, small)}
      aria-disabled={isRefused || undefined}
      title={refusal ?? rest.title}
      onClick={isRefused ? undefined : rest.onClick}
    >
      {icon === undefined ? null : <Icon name={icon} size={14} />}
      {children}
    </button>
  );
}
