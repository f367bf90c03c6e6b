import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import { clockText } from '../basics/time.tsx';
import css from './chart.module.css';
import { type ChartSeries, isEmpty, mostOf, pathOf, stacked } from './chart-shapes.ts';

const WIDTH = 600;
const HEIGHT = 120;

interface ChartProps {
  readonly name: string;
  readonly kind: 'bars' | 'lines';
  /** When each stretch begins. */
  readonly times: readonly string[];
  readonly series: readonly ChartSeries[];
  readonly format: (value: number) => string;
}

/**
 * Figures over time: bars stand on each other, lines go beside. The pointer or the arrow keys show the exact values of
 * a stretch.
 */
export function Chart({ name, kind, times, series, format }: ChartProps) {
  const [place, setPlace] = useState<number | null>(null);
  const at = place === null ? undefined : times[place];
  const follow = ({ currentTarget, clientX }: PointerEvent) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    setPlace(Math.min(times.length - 1, Math.max(0, Math.floor(((clientX - left) / width) * times.length))));
  };
  const step = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    setPlace(Math.min(times.length - 1, Math.max(0, (place ?? times.length) + by)));
  };
  return (
    <figure className={css.chart} aria-label={name}>
      <figcaption className={css.head} aria-live="polite">
        <span className={css.name}>{name}</span>
        {at === undefined ? null : (
          <span className={css.key} style={{ '--series': 'transparent' }}>
            {clockText(Date.parse(at))}
          </span>
        )}
        {series.map(({ name: key, colour, values }) => (
          <span key={key} className={css.key} style={{ '--series': colour }}>
            {key}
            {place === null ? '' : ` ${valueText(values[place], format)}`}
          </span>
        ))}
      </figcaption>
      {isEmpty(series) ? (
        <p className={css.none}>Nothing in this range.</p>
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: what it shows on hover the arrow keys show, too
        <div
          className={css.plot}
          tabIndex={0}
          onPointerMove={follow}
          onPointerLeave={() => setPlace(null)}
          onKeyDown={step}
          onBlur={() => setPlace(null)}
        >
          <Plot kind={kind} count={times.length} series={series} place={place} />
          <span className={css.most}>{format(mostOf(kind, series))}</span>
          <div className={css.axis}>
            <span>{clockText(Date.parse(times[0] ?? ''))}</span>
            <span>{clockText(Date.parse(times.at(-1) ?? ''))}</span>
          </div>
        </div>
      )}
    </figure>
  );
}

function valueText(value: number | null | undefined, format: (value: number) => string): string {
  return value == null ? '–' : format(value);
}

interface PlotProps extends Pick<ChartProps, 'kind' | 'series'> {
  readonly count: number;
  readonly place: number | null;
}

function Plot({ kind, count, series, place }: PlotProps) {
  const most = mostOf(kind, series);
  const width = WIDTH / Math.max(count, 1);
  return (
    <svg className={css.svg} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {[0, 0.5, 1].map((share) => (
        <line key={share} className={css.grid} x1={0} x2={WIDTH} y1={HEIGHT * share} y2={HEIGHT * share} />
      ))}
      {kind === 'lines'
        ? series.map(({ name, colour, values }) => (
            <path
              key={name}
              className={css.line}
              style={{ '--series': colour }}
              d={pathOf(values, { width, height: HEIGHT, most })}
            />
          ))
        : stacked(series).map(({ key, colour, place: at, from, to }) => (
            <rect
              key={key}
              className={css.bar}
              style={{ '--series': colour }}
              x={at * width + width * 0.1}
              width={width * 0.8}
              y={HEIGHT - (to / most) * HEIGHT}
              height={Math.max(0, ((to - from) / most) * HEIGHT)}
            />
          ))}
      {place === null ? null : (
        <line
          className={css.cursor}
          x1={(place + 0.5) * width}
          x2={(place + 0.5) * width}
          y1={0}
          y2={HEIGHT}
        />
      )}
    </svg>
  );
}
