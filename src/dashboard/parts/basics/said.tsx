import type { ComponentProps } from 'react';
import css from './said.module.css';

/** A text for those who do not see the page. */
export function Said(props: Omit<ComponentProps<'span'>, 'className'>) {
  return <span {...props} className={css.said} />;
}

/** The class of what is only said on a phone, for want of room. */
export const saidOnPhone = css.saidOnPhone ?? '';
/** The class of what is only said where the window is narrow, yet none of a phone. */
export const saidOnTablet = css.saidOnTablet ?? '';
