import css from './spark.module.css';

const WIDTH = 100;
const HEIGHT = 28;

/** The course of a figure, without scale: the number beside it counts. Where there is no value the line breaks. */
export function Spark({ values }: { readonly values: readonly (number | null)[] }) {
  const most = Math.max(...values.map((value) => value ?? 0), Number.MIN_VALUE);
  const step = WIDTH / Math.max(values.length - 1, 1);
  const points = values.map((value, place) =>
    value === null ? null : `${place * step},${HEIGHT - (value / most) * (HEIGHT - 2) - 1}`,
  );
  const runs = runsOf(points);
  return (
    <svg
      className={css.spark}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {runs.map((run) => (
        <g key={run[0]}>
          <path
            className={css.area}
            d={`M${run[0]?.split(',')[0]},${HEIGHT} L${run.join(' L')} L${run.at(-1)?.split(',')[0]},${HEIGHT}Z`}
          />
          <path className={css.line} d={`M${run.join(' L')}`} />
        </g>
      ))}
    </svg>
  );
}

/** What lies between gaps. */
function runsOf(points: readonly (string | null)[]): readonly (readonly string[])[] {
  const runs: string[][] = [[]];
  for (const point of points) {
    if (point === null) runs.push([]);
    else runs.at(-1)?.push(point);
  }
  return runs.filter((run) => run.length > 1);
}
