import { Link } from '@tanstack/react-router';
import css from './tabs.module.css';

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly { readonly name: string; readonly text: string }[];
  readonly current: string;
}

/** Parts of a page, each a link: the address says which one is shown. */
export function Tabs({ label, tabs, current }: TabsProps) {
  return (
    <nav className={css.tabs} aria-label={label}>
      {tabs.map(({ name, text }) => (
        <Link
          key={name}
          to="."
          search={(before) => ({ ...before, tab: name })}
          className={css.tab}
          aria-current={name === current ? 'page' : undefined}
          activeProps={{}}
        >
          {text}
        </Link>
      ))}
    </nav>
  );
}
