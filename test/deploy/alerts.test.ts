import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { alertDrills, drillsFor } from '../../bench/soaks/alerts/alert-drills.ts';
import { inSeconds } from '../../bench/stage/prometheus.ts';
import { ownFigures } from '../../tools/docs/own-figures.ts';
import { groupingsOf, selectorsOf } from '../support/metrics/promql.ts';

const RULES = 'deploy/prometheus/posthorn.rules.yml';
const UNIT_TESTS = 'deploy/prometheus/posthorn.rules.test.yml';
const DASHBOARD = 'deploy/grafana/posthorn.json';

/** What pages show beside our own: prom-client's, and those of Temporal's SDK. */
const OF_OTHERS: Readonly<Record<string, readonly string[]>> = {
  nodejs_eventloop_lag_p99_seconds: [],
  temporal_worker_task_slots_available: ['task_queue', 'worker_type'],
  temporal_workflow_task_execution_failed_total: ['task_queue'],
};
/** Prometheus adds them to whatever it reads. */
const OF_TARGETS = ['job', 'instance'];

const rule = z.object({
  alert: z.string().regex(/^(?:Posthorn|Temporal)[A-Z]/),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.object({ severity: z.enum(['page', 'ticket', 'info']) }),
  annotations: z.object({
    summary: z.string(),
    description: z.string(),
    runbook_url: z.string(),
    console: z.string().startsWith('/ui'),
  }),
});
const rulesFile = z.object({ groups: z.array(z.object({ rules: z.array(rule) })) });
const testsFile = z.object({
  tests: z.array(
    z.object({
      name: z.string(),
      alert_rule_test: z.array(z.object({ alertname: z.string(), exp_alerts: z.array(z.unknown()) })),
    }),
  ),
});
const rules = rulesFile.parse(parse(readFileSync(RULES, 'utf8'))).groups.flatMap((group) => group.rules);

const labelsOf = new Map<string, readonly string[]>(Object.entries(OF_OTHERS));
for (const { name, type, labels } of ownFigures()) {
  const parts = type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
  for (const part of parts) labelsOf.set(part, part.endsWith('_bucket') ? [...labels, 'le'] : labels);
}

/** Figures and labels that no page has. */
function unknownIn(expression: string): readonly string[] {
  const selectors = selectorsOf(expression);
  const all = new Set([...OF_TARGETS, ...selectors.flatMap(({ metric }) => labelsOf.get(metric) ?? [])]);
  return [
    ...selectors.filter(({ metric }) => !labelsOf.has(metric)).map(({ metric }) => metric),
    ...[...selectors.flatMap(({ labels }) => labels), ...groupingsOf(expression)].filter(
      (label) => !all.has(label),
    ),
  ];
}

describe(RULES, () => {
  it.each(rules.map(({ alert, expr }) => [alert, expr]))('has %s ask for what pages show', (_alert, expr) => {
    expect(selectorsOf(expr).length).toBeGreaterThan(0);
    expect(unknownIn(expr)).toEqual([]);
  });

  it('has a page of the runbook for each alert, with its expression, and no page of none', () => {
    const index = readFileSync('docs/runbook/index.md', 'utf8');
    for (const { alert, expr, annotations } of rules) {
      expect([alert, existsSync(annotations.runbook_url)]).toEqual([alert, true]);
      const page = readFileSync(annotations.runbook_url, 'utf8');
      expect(page).toMatch(new RegExp(`^# ${alert}$`, 'm'));
      expect(page).toContain(expr.trim());
      expect(page).toMatch(/^## Look\n\n- .+^## Do\n\n- /ms);
      expect(index).toContain(`[${alert}](${annotations.runbook_url.split('/').at(-1)})`);
    }
    expect(index.match(/^\| \[/gm)).toHaveLength(rules.length);
  });

  it('is tested, each alert once that it fires and once that it does not', () => {
    const { tests } = testsFile.parse(parse(readFileSync(UNIT_TESTS, 'utf8')));
    const cases = tests.flatMap(({ alert_rule_test }) => alert_rule_test);
    for (const { alert } of rules) {
      const fires = cases
        .filter(({ alertname }) => alertname === alert)
        .map((test) => test.exp_alerts.length > 0);
      expect([alert, fires.sort()]).toEqual([alert, [false, true]]);
    }
  });

  it('is drilled, each alert once', () => {
    const drilled = alertDrills().flatMap(({ alerts }) => alerts);
    expect([...drilled].sort()).toEqual(rules.map(({ alert }) => alert).sort());
  });

  it('is drilled by name', () => {
    const found = drillsFor(['PosthornDeadRows', 'PosthornOverdue']).flatMap(({ alerts }) => alerts);
    expect(found).toEqual(['PosthornNoWorker', 'PosthornOverdue', 'PosthornDeadRows']);
    expect(() => drillsFor(['PosthornRows'])).toThrow('no drill of "PosthornRows"');
  });

  it('is drilled with seconds for minutes', () => {
    const text = inSeconds('        for: 2m\n  expr: rate(x[6h]) > 60 and rate(x[30m])\n');
    expect(text).toBe('        for: 2s\n  expr: rate(x[360s]) > 60 and rate(x[30s])\n');
    expect(inSeconds(readFileSync(RULES, 'utf8'))).not.toMatch(/for: \d+[mh]|\[\d+[mh]\]/);
  });

  it('notices figures and labels that nothing shows', () => {
    expect(unknownIn('sum(rate(posthorn_attempts_total[5m]))')).toEqual(['posthorn_attempts_total']);
    expect(unknownIn('posthorn_database_up{endpoint="ep_1"}')).toEqual(['endpoint']);
    expect(unknownIn('sum by (customer) (posthorn_deliveries)')).toEqual(['customer']);
    expect(() => selectorsOf('sum(rate(')).toThrow('no PromQL');
  });
});

describe(DASHBOARD, () => {
  const target = z.object({ expr: z.string() });
  const panel = z.object({ title: z.string(), type: z.string(), targets: z.array(target).optional() });
  const { panels } = z.object({ panels: z.array(panel) }).parse(JSON.parse(readFileSync(DASHBOARD, 'utf8')));

  it('has its rows, and panels that ask for what pages show', () => {
    const rows = panels.filter(({ type }) => type === 'row').map(({ title }) => title);
    expect(rows).toEqual(['Promise', 'Flow', 'Receivers', 'Waiting']);
    const asked = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));
    expect(asked.length).toBeGreaterThan(15);
    for (const { title, expr } of asked) expect([title, unknownIn(expr)]).toEqual([title, []]);
  });
});
