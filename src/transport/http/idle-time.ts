/**
 * Idle connections close after this, sooner than common receivers do, so that we rarely write to one they just closed.
 */
const DEFAULT_MS = 4_000;
/** A receiver's own word is followed up to this, less a margin for the way there. */
const MAX_MS = 60_000;
const MARGIN_MS = 1_000;

/**
 * How long to keep an idle connection, by what the receiver said of it (0: not at all; null: nothing); never beyond its
 * own time.
 */
export function idleTimeMs(keepAliveMs: number | null): number {
  if (keepAliveMs === null) return DEFAULT_MS;
  return Math.max(0, Math.min(keepAliveMs - MARGIN_MS, MAX_MS));
}
