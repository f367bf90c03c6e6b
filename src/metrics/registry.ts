import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** Every figure of this process, once, under its name; one page shows them all. */
export const registry = new Registry();

/** Shares one registry with every figure of Posthorn's own. */
export const OF_POSTHORN = { registers: [registry] };

/** What a process is. */
export interface BuildFacts {
  readonly version: string;
  readonly role: 'api' | 'worker';
}

const buildInfo = new Gauge({
  name: 'posthorn_build_info',
  help: 'Always 1: which version of Posthorn runs here, on which Node, in which role.',
  labelNames: ['version', 'node', 'role'] as const,
  ...OF_POSTHORN,
});

/** Gauges of prom-client that are named as counters are; the same without `_total` stands beside each. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

let isObserved = false;

/**
 * Says what this process is, and begins to watch its memory, its event loop and its garbage. Safe to repeat, once a
 * role.
 */
export function describeBuild({ version, role }: BuildFacts): void {
  buildInfo.set({ version, node: process.version, role }, 1);
  if (isObserved) return;
  isObserved = true;
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
}
