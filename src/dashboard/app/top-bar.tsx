import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { type Connection, useConnection } from '../data/live/connection.ts';
import { toggleLive, useIsLive } from '../data/live/is-live.ts';
import { PAGE } from '../data/page.ts';
import { isRange, RANGES } from '../data/search.ts';
import { Button } from '../parts/basics/button.tsx';
import { saidOnPhone } from '../parts/basics/said.tsx';
import { zoneName } from '../parts/basics/time.tsx';
import { Jump } from './jump.tsx';
import { signOut, useCaller } from './session.ts';
import css from './shell.module.css';
import { keptTheme, nextTheme } from './theme.ts';

const RANGE_TEXTS = {
  '1h': 'Last hour',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
} as const;

/** Scope and range of all pages, whether they are live, and the way out. */
export function TopBar() {
  const caller = useCaller();
  return (
    <header className={css.bar}>
      {caller?.kind === 'operator' ? <CustomerPicker /> : null}
      <RangePicker />
      <div className={css.end}>
        <Jump />
        <LiveToggle />
        <ThemeToggle />
        {PAGE.door === 'portal' ? null : (
          <Button look="quiet" icon="exit" onClick={signOut}>
            <span className={saidOnPhone}>Sign out</span>
          </Button>
        )}
      </div>
    </header>
  );
}

function CustomerPicker() {
  const { customer_id: customerId } = useSearch({ strict: false });
  const navigate = useNavigate();
  const take = (text: string) => {
    const wanted = text.trim() || undefined;
    if (wanted !== customerId)
      void navigate({ to: '.', search: (before) => ({ ...before, customer_id: wanted }) });
  };
  return (
    <input
      key={customerId ?? ''}
      className={css.customer}
      type="search"
      aria-label="Customer"
      placeholder="All customers"
      defaultValue={customerId ?? ''}
      spellCheck={false}
      onBlur={(event) => take(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take(event.currentTarget.value);
      }}
    />
  );
}

function RangePicker() {
  const { range } = useSearch({ strict: false });
  const navigate = useNavigate();
  const take = (text: string) =>
    void navigate({ to: '.', search: (before) => ({ ...before, range: isRange(text) ? text : undefined }) });
  return (
    <select
      className={css.range}
      aria-label="Range"
      title={`Times are shown in ${zoneName()}`}
      value={range ?? ''}
      onChange={(event) => take(event.target.value)}
    >
      <option value="">Any time</option>
      {Object.keys(RANGES)
        .filter(isRange)
        .map((one) => (
          <option key={one} value={one}>
            {RANGE_TEXTS[one]}
          </option>
        ))}
    </select>
  );
}

const CONNECTION_TITLES = {
  live: 'What happens is told as it happens; press to stop',
  reconnecting: 'The stream broke and is made anew; meanwhile lists are fetched every few seconds',
  polling: 'Lists are fetched anew every few seconds; press to stop',
} as const;

function LiveToggle() {
  const isLive = useIsLive();
  const connection = useConnection();
  return (
    <Button
      look="quiet"
      aria-pressed={isLive}
      title={isLive ? CONNECTION_TITLES[connection.kind] : 'Press to have what is new shown by itself'}
      onClick={toggleLive}
    >
      <span className={css.toggle}>
        <span className={`${css.dot} ${isLive ? (css[connection.kind] ?? '') : css.paused}`} />
        {isLive ? connectionText(connection) : 'stopped'}
      </span>
    </Button>
  );
}

function connectionText(connection: Connection): string {
  return connection.kind === 'reconnecting' ? `reconnecting (${connection.times})` : connection.kind;
}

function ThemeToggle() {
  const [theme, setTheme] = useState(keptTheme());
  return (
    <Button
      look="quiet"
      icon={theme === 'dark' ? 'moon' : 'sun'}
      title="Light, dark, or as the system has it"
      onClick={() => setTheme(nextTheme())}
    >
      <span className={saidOnPhone}>{theme}</span>
    </Button>
  );
}
