/** Seconds of the stretches of time that counts are kept by, the finest first. */
export const GRAINS = [60, 600, 3_600, 86_400] as const;
export type Grain = (typeof GRAINS)[number];
/** Everything is counted by it at once; coarser ones follow. */
export const FINEST_GRAIN = GRAINS[0];
/** How long after a stretch of the finest grain began it is in coarser ones too, as long as somebody counts. */
const COARSE_AFTER_MS = 180_000;

/** For how many seconds counts of a grain are kept. */
export const GRAIN_KEPT_SECONDS: Readonly<Record<Grain, number>> = {
  60: 48 * 3_600,
  600: 14 * 86_400,
  3600: 100 * 86_400,
  86400: 400 * 86_400,
};

/** A span of time: start included, end not. */
export interface Span {
  readonly after: Date;
  readonly before: Date;
}

/** A part of a span that is answered from counts of one grain. */
export interface SpanPiece extends Span {
  readonly grain: Grain;
}

/** A chart shows no more stretches than this. */
export const MAX_BUCKETS = 200;

/**
 * Widens a span to whole stretches of the finest grain that is kept for its ends. An end in the future stays, as
 * nothing lies there.
 */
export function wholeSpan({ after, before }: Span, now: Date): Span {
  return { after: floorTo(after, grainKeptAt(after, now)), before: ceilTo(before, grainKeptAt(before, now)) };
}

/**
 * Cuts a span of whole stretches into few pieces, each of as coarse a grain as fits and has all of it by now: the last
 * minutes are told by the finest.
 */
export function piecesOf(span: Span, now: Date): readonly SpanPiece[] {
  return cut(span, new Date(now.getTime() - COARSE_AFTER_MS), GRAINS.length - 1);
}

/** The finest grain that cuts a span into no more than `MAX_BUCKETS` stretches, and is kept that long. */
export function grainFor(span: Span, now: Date): Grain {
  const fits = (grain: Grain) =>
    bucketsIn(span, grain) <= MAX_BUCKETS && ageSeconds(span.after, now) <= GRAIN_KEPT_SECONDS[grain];
  return GRAINS.find(fits) ?? 86_400;
}

/** How many stretches of a grain a span touches. */
export function bucketsIn({ after, before }: Span, grain: Grain): number {
  const ms = grain * 1_000;
  return Math.ceil((before.getTime() - floorTo(after, grain).getTime()) / ms);
}

/** When the stretch begins that a time lies in. */
export function floorTo(time: Date, grain: Grain): Date {
  const ms = grain * 1_000;
  return new Date(Math.floor(time.getTime() / ms) * ms);
}

function ceilTo(time: Date, grain: Grain): Date {
  const ms = grain * 1_000;
  return new Date(Math.ceil(time.getTime() / ms) * ms);
}

function grainKeptAt(time: Date, now: Date): Grain {
  return GRAINS.find((grain) => ageSeconds(time, now) <= GRAIN_KEPT_SECONDS[grain]) ?? 86_400;
}

function ageSeconds(time: Date, now: Date): number {
  return (now.getTime() - time.getTime()) / 1_000;
}

function cut(span: Span, coarseTo: Date, rank: number): readonly SpanPiece[] {
  const grain = GRAINS[rank] ?? FINEST_GRAIN;
  if (span.after >= span.before) return [];
  if (grain === FINEST_GRAIN) return [{ ...span, grain }];
  const end = span.before < coarseTo ? span.before : coarseTo;
  const middle = { after: ceilTo(span.after, grain), before: floorTo(end, grain) };
  if (middle.after >= middle.before) return cut(span, coarseTo, rank - 1);
  return [
    ...cut({ after: span.after, before: middle.after }, coarseTo, rank - 1),
    { ...middle, grain },
    ...cut({ after: middle.before, before: span.before }, coarseTo, rank - 1),
  ];
}
