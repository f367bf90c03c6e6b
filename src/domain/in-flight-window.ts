/** How many sends to one endpoint one worker may have under way. */
export interface InFlightWindow {
  readonly limit: number;
  /** The limit never grows beyond this. */
  readonly most: number;
  /** When it was last halved; null where never. */
  readonly halvedAt: number | null;
  /** Share of failures among the last sends, from 0 to 1. */
  readonly failing: number;
  /** How long its last answers took, about; null where there was none. What ran into its timeout took that long. */
  readonly usualMs: number | null;
}

/**
 * Where the window of an endpoint nobody knows yet begins: large enough for a page of events, small enough that a
 * hanging endpoint ties up little.
 */
export const IN_FLIGHT_START = 8;

/** The largest window, unless the endpoint's own cap is smaller. */
export const IN_FLIGHT_MOST = 256;

/** Where the window begins when an endpoint comes back: 1, then 2, 4, … while it answers. */
export const SLOW_START = 1;

/** A fresh window; `start` beyond `most` is cut to it. */
export function initialWindow(bounds: { readonly start: number; readonly most: number }): InFlightWindow {
  const most = Math.max(1, bounds.most);
  return {
    limit: Math.min(Math.max(1, bounds.start), most),
    most,
    halvedAt: null,
    failing: 0,
    usualMs: null,
  };
}

/**
 * One more for each success, so that a full window of successes doubles it (slow start, RFC 5681).
 * @param use how many were under way, the finished one included; a window less than half used does not grow (RFC 7661)
 */
export function onSuccess(window: InFlightWindow, use?: { readonly inFlight: number }): InFlightWindow {
  const failing = window.failing * (1 - SHARE_OF_ONE);
  const isUsed = use === undefined || use.inFlight * 2 >= window.limit;
  return { ...window, failing, limit: isUsed ? Math.min(window.limit + 1, window.most) : window.limit };
}

/**
 * Half, at least 1, where most of the last sends failed: now and then a failure is no reason to slow down. At most once
 * a round: the failure of a send that began before the last halving says nothing new. Both times come from a clock that
 * does not run backwards.
 */
export function onFailure(
  window: InFlightWindow,
  send: { readonly startedAt: number; readonly now: number },
): InFlightWindow {
  const failing = window.failing + (1 - window.failing) * SHARE_OF_ONE;
  const isNews = window.halvedAt === null || send.startedAt >= window.halvedAt;
  if (failing <= MOSTLY || !isNews) return { ...window, failing };
  return { ...window, failing, limit: Math.max(1, Math.floor(window.limit / 2)), halvedAt: send.now };
}

/** Notes how long the receiver took for an answer, whatever that was. */
export function onAnswer(window: InFlightWindow, tookMs: number): InFlightWindow {
  const { usualMs } = window;
  return {
    ...window,
    usualMs: usualMs === null ? tookMs : usualMs + (tookMs - usualMs) * SHARE_OF_LAST_ANSWER,
  };
}

/** Whether what is under way has been so for longer than this endpoint's answers take. */
export function isPendingLong({ usualMs }: InFlightWindow, oldestMs: number): boolean {
  return oldestMs > patienceMs(usualMs);
}

/**
 * The limit as it is while the oldest send under way has taken so long: half beyond the endpoint's usual time, a
 * quarter beyond twice of that, and so on down to one. An endpoint that hangs is so found out long before its timeout.
 */
export function limitNow(window: InFlightWindow, oldestMs: number): number {
  if (!isPendingLong(window, oldestMs)) return window.limit;
  const doublings = Math.floor(Math.log2(oldestMs / patienceMs(window.usualMs)));
  return Math.max(1, Math.floor(window.limit / 2 ** (doublings + 1)));
}

function patienceMs(usualMs: number | null): number {
  return Math.max(LEAST_PATIENCE_MS, 2 * (usualMs ?? 0));
}

const LEAST_PATIENCE_MS = 1_000;
const SHARE_OF_LAST_ANSWER = 1 / 4;
/** How much one send counts among the last ones: some 16 are looked back on. */
const SHARE_OF_ONE = 1 / 16;
const MOSTLY = 0.5;
