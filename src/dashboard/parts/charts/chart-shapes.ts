/** One figure over time; null where there is nothing to measure. */
export interface ChartSeries {
  readonly name: string;
  /** A colour of the tokens: `var(--ok)`. */
  readonly colour: string;
  readonly values: readonly (number | null)[];
}

/** Whether there is nothing to draw. */
export function isEmpty(series: readonly ChartSeries[]): boolean {
  return series.every(({ values }) => values.every((value) => value === null || value === 0));
}

/** What the top of a chart stands for. */
export function mostOf(kind: 'bars' | 'lines', series: readonly ChartSeries[]): number {
  const tops =
    kind === 'bars'
      ? stacked(series).map(({ to }) => to)
      : series.flatMap(({ values }) => values.map((value) => value ?? 0));
  return Math.max(...tops, Number.MIN_VALUE);
}

/** A piece of a bar: what of the stretch one figure is, on top of those before it. */
export interface BarPiece {
  readonly key: string;
  readonly colour: string;
  readonly place: number;
  readonly from: number;
  readonly to: number;
}

/** Bars that stand on each other, the first figure at the bottom. */
export function stacked(series: readonly ChartSeries[]): readonly BarPiece[] {
  const tops: number[] = [];
  return series.flatMap(({ name, colour, values }) =>
    values.flatMap((value, place) => {
      const from = tops[place] ?? 0;
      const to = from + (value ?? 0);
      tops[place] = to;
      return to === from ? [] : [{ key: `${name} ${place}`, colour, place, from, to }];
    }),
  );
}

interface Box {
  readonly width: number;
  readonly height: number;
  readonly most: number;
}

/** The path of a line through the middles of the stretches; a single value between gaps is a short dash. */
export function pathOf(values: readonly (number | null)[], { width, height, most }: Box): string {
  let path = '';
  values.forEach((value, place) => {
    if (value === null) return;
    const y = height - (value / most) * height;
    const isBegun = values[place - 1] != null;
    const goesOn = values[place + 1] != null;
    if (isBegun) path += `L${(place + 0.5) * width},${y}`;
    else if (goesOn) path += `M${(place + 0.5) * width},${y}`;
    else path += `M${(place + 0.2) * width},${y}L${(place + 0.8) * width},${y}`;
  });
  return path;
}
