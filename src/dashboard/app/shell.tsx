import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { Notices } from '../parts/forms/notices.tsx';
import { OutcomeStream } from './outcome-stream.tsx';
import { Rail } from './rail.tsx';
import css from './shell.module.css';
import { Shortcuts } from './shortcuts.tsx';
import { HealthStrip, VersionStrip } from './strips.tsx';
import { TopBar } from './top-bar.tsx';

/** The frame around every page: places at the left, scope and health above. */
export function Shell() {
  return (
    <div className={css.shell}>
      <a className={css.skip} href="#main">
        Skip to the page
      </a>
      <Rail />
      <div className={css.body}>
        <TopBar />
        <div className={css.strips}>
          <HealthStrip />
          <VersionStrip />
        </div>
        <Main />
      </div>
      <Notices />
      <OutcomeStream />
      <Shortcuts />
    </div>
  );
}

function Main() {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const shownBefore = useRef(path);
  // Whoever goes to another page by the keyboard goes on from its beginning.
  useEffect(() => {
    if (shownBefore.current === path) return;
    shownBefore.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return (
    <main ref={main} id="main" className={css.main} tabIndex={-1}>
      <Outlet />
    </main>
  );
}
