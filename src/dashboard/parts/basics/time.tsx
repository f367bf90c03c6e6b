import { serverNow, useNow } from '../../data/clock.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const SAME_DAY = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const OTHER_DAY = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const WHOLE = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });
const ZONE =
  new Intl.DateTimeFormat(undefined, { timeZoneName: 'short' })
    .formatToParts(new Date())
    .find(({ type }) => type === 'timeZoneName')?.value ?? '';

/** The zone that times are shown in, as people call it. */
export function zoneName(): string {
  return ZONE;
}

/** A time in this zone, below an hour as how long ago; its title has the zone, and the exact time in UTC. */
export function Time({ at }: { readonly at: string | null }) {
  if (at === null) return <span>–</span>;
  return (
    <time dateTime={at} title={`${WHOLE.format(new Date(at))}\n${at}`}>
      <TimeText at={Date.parse(at)} />
    </time>
  );
}

function TimeText({ at }: { readonly at: number }) {
  const now = useNow();
  return agoText(at, now);
}

/** How long ago, or the time of day and the date. */
export function agoText(at: number, now: number): string {
  const ago = now - at;
  if (ago >= 0 && ago < HOUR)
    return ago < MINUTE ? `${Math.floor(ago / SECOND)} s ago` : `${Math.floor(ago / MINUTE)} min ago`;
  if (ago < 0 && ago > -HOUR) return `in ${durationText(-ago)}`;
  return clockText(at);
}

/** The time of day, with the date where it is another one's. */
export function clockText(at: number): string {
  const isToday = new Date(at).toDateString() === new Date(serverNow()).toDateString();
  return (isToday ? SAME_DAY : OTHER_DAY).format(at);
}

/** The time of day exactly, with its zone. */
export function ExactTime({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={at}>
      {clockText(Date.parse(at))} {ZONE}
    </time>
  );
}

/** A time to come, counted down by the server's clock. */
export function Countdown({ to }: { readonly to: string }) {
  const left = Date.parse(to) - useNow();
  return (
    <time dateTime={to} title={to}>
      {left <= 0 ? 'now' : `in ${durationText(left)}`}
    </time>
  );
}

/** Milliseconds as people say them: `41 ms`, `1.2 s`, `3 min 5 s`, `2 h`, `5 d`. */
export function durationText(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < 10 * SECOND) return `${Number((ms / SECOND).toFixed(1))} s`;
  if (ms < MINUTE) return `${Math.round(ms / SECOND)} s`;
  if (ms < HOUR) return parts(ms, { unit: MINUTE, name: 'min', rest: SECOND, restName: 's' });
  if (ms < DAY) return parts(ms, { unit: HOUR, name: 'h', rest: MINUTE, restName: 'min' });
  return parts(ms, { unit: DAY, name: 'd', rest: HOUR, restName: 'h' });
}

interface Units {
  readonly unit: number;
  readonly name: string;
  readonly rest: number;
  readonly restName: string;
}

function parts(ms: number, { unit, name, rest, restName }: Units): string {
  const whole = Math.floor(ms / unit);
  const left = Math.floor((ms % unit) / rest);
  return left === 0 ? `${whole} ${name}` : `${whole} ${name} ${left} ${restName}`;
}
