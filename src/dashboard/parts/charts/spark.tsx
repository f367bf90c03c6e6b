import css from './spark.module.css';

const SPARK_WIDTH = 100;
const SPARK_HEIGHT = 28;

/** The course of a figure, without scale: the number beside it counts. Where there is no value the line breaks. */
export function Spark({ values }: { readonly values: readonly (number | null)[] }) {
  const most = Math.max(...values.map((value) => value ?? 0), Number.MIN_VALUE);
  const step = SPARK_WIDTH / Math.max(values.length - 1, 1);
  const points = values.map((value, place) =>
    value === null ? null : `${place * step},${SPARK_HEIGHT - (value / most) * (SPARK_HEIGHT - 2) - 1}`,
  );
  const runs = runsOf(points);
  return (
    <svg
      className={css.spark}
      viewBox={`0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {runs.map((run) => (
        <g key={run[0]}>
          <path
            className={css.area}
            d={
              `M${run[0]?.split(',')[0]},${SPARK_HEIGHT} L${run.join(' L')} ` +
              `L${run.at(-1)?.split(',')[0]},${SPARK_HEIGHT}Z`
            }
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
