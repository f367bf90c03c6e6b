import { Failed, Skeleton } from '../../parts/basics/states.tsx';
import { durationText } from '../../parts/basics/time.tsx';
import { Chart } from '../../parts/charts/chart.tsx';
import css from './overview.module.css';
import { useSeries, valuesOf } from './use-figures.ts';

const whole = (value: number): string => Math.round(value).toLocaleString();

/** Attempts by outcome and their latency, over one and the same time; of one endpoint where that is given. */
export function Charts({ endpointId }: { readonly endpointId?: string }) {
  const { data, error, refetch } = useSeries(endpointId);
  if (error !== null && data === undefined) return <Failed error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton rows={4} />;
  return (
    <div className={css.two}>
      <Chart
        name="Attempts by outcome"
        kind="bars"
        times={data.times}
        format={whole}
        series={[
          { name: 'succeeded', colour: 'var(--accent)', values: valuesOf(data, 'succeeded') },
          { name: 'failed', colour: 'var(--failing)', values: valuesOf(data, 'failed') },
        ]}
      />
      <Chart
        name="Latency"
        kind="lines"
        times={data.times}
        format={durationText}
        series={[
          { name: 'p50', colour: 'var(--accent)', values: valuesOf(data, 'latency_p50') },
          { name: 'p95', colour: 'var(--waiting)', values: valuesOf(data, 'latency_p95') },
          { name: 'p99', colour: 'var(--failing)', values: valuesOf(data, 'latency_p99') },
        ]}
      />
    </div>
  );
}
