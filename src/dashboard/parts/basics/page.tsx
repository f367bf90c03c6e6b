import { type ReactNode, useEffect } from 'react';
import css from './page.module.css';

interface PageProps {
  /** The title of the document, and of the page where `heading` is absent. */
  readonly title: string;
  readonly heading?: ReactNode;
  /** One sentence first: what this is, or what is the matter. */
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

/** A page: its title, one sentence, what can be done, and the rest. */
export function Page({ title, heading, lead, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} – Posthorn`;
  }, [title]);
  return (
    <div className={css.page}>
      <div className={css.head}>
        <div className={css.titles}>
          <h1 tabIndex={-1}>{heading ?? title}</h1>
          {lead === undefined ? null : <p className={css.lead}>{lead}</p>}
        </div>
        {actions === undefined ? null : <div className={css.actions}>{actions}</div>}
      </div>
      {children}
    </div>
  );
}

interface SectionProps {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly panel?: boolean;
  readonly children: ReactNode;
}

/** A part of a page under a heading of its own. */
export function Section({ title, actions, panel = false, children }: SectionProps) {
  return (
    <section className={css.section} aria-label={title}>
      <div className={css.sectionHead}>
        <h2>{title}</h2>
        {actions}
      </div>
      {panel ? <div className={css.panel}>{children}</div> : children}
    </section>
  );
}

export interface Fact {
  readonly name: string;
  readonly value: ReactNode;
}

/** What is known of a thing, name above value. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className={css.facts}>
      {facts.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface BannerProps {
  readonly tone: 'failing' | 'held' | 'waiting' | 'ok' | 'ended';
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

/** What is the matter with a thing, with the button that ends it. */
export function Banner({ tone, children, action }: BannerProps) {
  return (
    <div className={`${css.banner} ${css[tone] ?? ''}`}>
      <div>{children}</div>
      {action}
    </div>
  );
}
