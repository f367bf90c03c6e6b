import { Link } from '@tanstack/react-router';
import { PAGE } from '../data/page.ts';
import { Icon } from '../parts/basics/icon.tsx';
import { saidOnTablet } from '../parts/basics/said.tsx';
import { Mark } from './mark.tsx';
import { useCaller } from './session.ts';
import css from './shell.module.css';

const PLACES = [
  { to: '/', text: 'Overview', icon: 'overview' },
  { to: '/deliveries', text: 'Deliveries', icon: 'deliveries' },
  { to: '/dead-letters', text: 'Dead letters', icon: 'dead' },
  { to: '/endpoints', text: 'Endpoints', icon: 'endpoints' },
  { to: '/events', text: 'Events', icon: 'events' },
  { to: '/replays', text: 'Replays', icon: 'replays' },
  { to: '/live', text: 'Live', icon: 'live' },
  { to: '/event-types', text: 'Event types', icon: 'types' },
  { to: '/tools', text: 'Tools', icon: 'tools' },
] as const;

/** The places of the console; on a phone a bar at the bottom. */
export function Rail() {
  const caller = useCaller();
  const isOperator = PAGE.door === 'ui' && caller?.scopes.includes('operate') === true;
  return (
    <nav className={css.rail} aria-label="Places">
      <Link to="/" className={css.brand}>
        <Brand />
      </Link>
      {PLACES.map(({ to, text, icon }) => (
        <Link
          key={to}
          to={to}
          className={css.place}
          activeOptions={{ exact: to === '/', includeSearch: false }}
        >
          <Icon name={icon} />
          <span className={saidOnTablet}>{text}</span>
        </Link>
      ))}
      <div className={css.grow} />
      {isOperator ? (
        <Link
          to="/settings/$tab"
          params={{ tab: 'keys' }}
          className={css.place}
          activeOptions={{ includeSearch: false }}
        >
          <Icon name="settings" />
          <span className={saidOnTablet}>Settings</span>
        </Link>
      ) : null}
    </nav>
  );
}

function Brand() {
  const look = useCaller()?.portal;
  if (look?.logo != null) return <img src={look.logo} alt={look.name ?? 'Webhooks'} />;
  return (
    <>
      <Mark size={22} />
      <span className={saidOnTablet}>{PAGE.door === 'portal' ? (look?.name ?? 'Webhooks') : 'Posthorn'}</span>
    </>
  );
}
