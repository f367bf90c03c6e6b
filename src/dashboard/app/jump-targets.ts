import type { IconName } from '../parts/basics/icon.tsx';

/** A place that one can go to. */
export interface Target {
  readonly to: string;
  readonly text: string;
  readonly icon: IconName;
}

const PLACES: readonly Target[] = [
  { to: '/', text: 'Overview', icon: 'overview' },
  { to: '/deliveries', text: 'Deliveries', icon: 'deliveries' },
  { to: '/dead-letters', text: 'Dead letters', icon: 'dead' },
  { to: '/endpoints', text: 'Endpoints', icon: 'endpoints' },
  { to: '/endpoints/new', text: 'New endpoint', icon: 'plus' },
  { to: '/events', text: 'Events', icon: 'events' },
  { to: '/events/new', text: 'Publish an event', icon: 'plus' },
  { to: '/replays', text: 'Replays', icon: 'replays' },
  { to: '/live', text: 'Live', icon: 'live' },
  { to: '/event-types', text: 'Event types', icon: 'types' },
  { to: '/tools', text: 'Tools', icon: 'tools' },
];

const THINGS: readonly {
  readonly prefix: string;
  readonly at: string;
  readonly what: string;
  readonly icon: IconName;
}[] = [
  { prefix: 'del_', at: '/deliveries/', what: 'Delivery', icon: 'deliveries' },
  { prefix: 'evt_', at: '/events/', what: 'Event', icon: 'events' },
  { prefix: 'ep_', at: '/endpoints/', what: 'Endpoint', icon: 'endpoints' },
  { prefix: 'rpl_', at: '/replays/', what: 'Replay', icon: 'replays' },
];

const ID = /^([a-z]+_)[0-9A-HJKMNP-TV-Z]{26}$/;

/** Where a text leads: to the thing whose id it is, or to the pages whose names it is part of. */
export function targetsOf(text: string): readonly Target[] {
  const wanted = text.trim();
  const prefix = ID.exec(wanted)?.[1];
  const thing = THINGS.find((one) => one.prefix === prefix);
  if (thing !== undefined)
    return [{ to: thing.at + wanted, text: `${thing.what} ${wanted}`, icon: thing.icon }];
  return PLACES.filter((place) => place.text.toLowerCase().includes(wanted.toLowerCase()));
}
