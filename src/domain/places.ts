import { type InFlightWindow, isPendingLong, limitNow } from './in-flight-window.ts';

/** All places for sends under way that a process has, and how many are taken. */
export interface Places {
  readonly most: number;
  readonly taken: number;
}

/** How an endpoint has been answering, and what it keeps waiting at this moment. */
export interface EndpointInFlight {
  readonly window: InFlightWindow;
  readonly underWay: number;
  /** How long the oldest of those has been under way; 0 where there is none. */
  readonly oldestMs: number;
}

/**
 * Who may take which share of all places: the rest is kept for those who answer faster, and so give them back sooner.
 */
const SHARES = { fast: 1, unproven: 0.9, slow: 0.75 };
/**
 * An endpoint that is not known to be fast gets such a part of what is free for its kind, and never less than one
 * place.
 */
const PART = 1 / 50;
/** An answer that takes longer than this is a slow one. */
const SLOW_MS = 1_000;

/** How many more sends of an endpoint may be under way, and how many places are free for all of its kind. */
export interface Room {
  readonly room: number;
  readonly within: number;
}

/**
 * What an endpoint may have. A waiting socket costs little and a place that is held for long costs others: so the fewer
 * places are free, the fewer are given to those who are slow, hang, or have not answered anything yet.
 */
export function roomIn({ most, taken }: Places, endpoint: EndpointInFlight): Room {
  const pace = paceOf(endpoint);
  const within = Math.max(0, Math.floor(most * SHARES[pace]) - taken);
  const limit = limitNow(endpoint.window, endpoint.oldestMs);
  const fair = pace === 'fast' ? limit : Math.min(limit, Math.max(1, Math.floor(within * PART)));
  return { room: Math.max(0, Math.min(fair - endpoint.underWay, within)), within };
}

function paceOf({ window, oldestMs }: EndpointInFlight): keyof typeof SHARES {
  if (isPendingLong(window, oldestMs) || (window.usualMs ?? 0) > SLOW_MS) return 'slow';
  return window.usualMs === null ? 'unproven' : 'fast';
}

/** How much payload one place is meant for. */
const PLACE_BYTES = 131_072;

/** How many places a send takes: its payload is in memory several times until it has ended, and so must be bounded. */
export function placesFor(payloadBytes: number): number {
  return Math.max(1, Math.ceil(payloadBytes / PLACE_BYTES));
}

/** One for each megabyte of the machine, within reason: a send under way takes some 100 kB beside its payload. */
export function placesIn(memoryBytes: number): number {
  return Math.min(Math.max(Math.floor(memoryBytes / 2 ** 20), 500), 4_000);
}
