import { type ChartSeries, mostOf, stacked } from './chart-shapes.ts';
import css from './spark-bars.module.css';

const STRETCH_WIDTH = 4;
const BAR_WIDTH = 3;
const ROW_HEIGHT = 20;

/** Figures over time in the height of a row, as bars that stand on each other; whoever shows them says them, too. */
export function SparkBars({ series }: { readonly series: readonly ChartSeries[] }) {
  const most = mostOf('bars', series);
  const width = (series[0]?.values.length ?? 0) * STRETCH_WIDTH;
  return (
    <svg
      className={css.bars}
      viewBox={`0 0 ${width} ${ROW_HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <line className={css.ground} x1={0} x2={width} y1={ROW_HEIGHT} y2={ROW_HEIGHT} />
      {stacked(series).map(({ key, colour, place, from, to }) => (
        <rect
          key={key}
          className={css.bar}
          style={{ '--series': colour }}
          x={place * STRETCH_WIDTH}
          width={BAR_WIDTH}
          y={ROW_HEIGHT - (to / most) * ROW_HEIGHT}
          height={((to - from) / most) * ROW_HEIGHT}
        />
      ))}
    </svg>
  );
}
