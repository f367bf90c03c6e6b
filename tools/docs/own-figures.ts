import { Counter, Gauge, Histogram } from 'prom-client';
import '../../src/metrics/publish-metrics.ts';
import '../../src/metrics/http-metrics.ts';
import '../../src/metrics/attempt-metrics.ts';
import '../../src/metrics/worker-metrics.ts';
import '../../src/metrics/store-metrics.ts';
import '../../src/metrics/state-metrics.ts';
import { registry } from '../../src/metrics/registry.ts';

/** What a figure of Posthorn's own is declared as. */
export interface OwnFigure {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
}

/** Every figure that API and worker declare, in the order of their declaration. */
export function ownFigures(): readonly OwnFigure[] {
  return registry.getMetricsAsArray().map((metric) => {
    if (metric instanceof Counter) return describe(metric, 'counter');
    if (metric instanceof Histogram) return describe(metric, 'histogram');
    if (metric instanceof Gauge) return describe(metric, 'gauge');
    throw new Error('a figure of an unknown type');
  });
}

function describe(metric: object, type: OwnFigure['type']): OwnFigure {
  const { name, help, labelNames } = metric as { name: string; help: string; labelNames: readonly string[] };
  return { name, type, help, labels: labelNames };
}
