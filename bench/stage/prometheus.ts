import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import getPort from 'get-port';
import { stringify } from 'yaml';
import { z } from 'zod';
import { readHostPaths } from '../../src/config.ts';
import { findOnPath } from '../../src/main/servers/download/find-on-path.ts';
import type { ProcessGroup } from '../../test/support/processes/processes.ts';
import { UsageError } from '../options.ts';

/** A Prometheus with the rules of `deploy/prometheus`, its minutes made seconds. */
export interface Prometheus {
  /** Alerts that fire at this moment, by name. */
  firing(): Promise<ReadonlySet<string>>;
}

export interface PrometheusOptions {
  readonly processes: ProcessGroup;
  /** An empty directory. */
  readonly directory: string;
  /** Ports of figures, by what the targets are. */
  readonly targets: Readonly<Record<string, number>>;
}

const RULES = 'deploy/prometheus/posthorn.rules.yml';
const UNITS: Readonly<Record<string, number>> = { m: 1, h: 60 };
const alertsSchema = z.object({
  data: z.object({
    alerts: z.array(z.object({ state: z.string(), labels: z.object({ alertname: z.string() }) })),
  }),
});

/** Starts Debian's program. @throws UsageError where it is not installed */
export async function startPrometheus({
  processes,
  directory,
  targets,
}: PrometheusOptions): Promise<Prometheus> {
  const program = findOnPath('prometheus', readHostPaths().searchPath);
  if (program === null) throw new UsageError('there is no prometheus on PATH: apt-get install prometheus');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'rules.yml'), inSeconds(readFileSync(RULES, 'utf8')));
  writeFileSync(join(directory, 'prometheus.yml'), configOf(targets));
  const listen = `127.0.0.1:${await getPort({ host: '127.0.0.1' })}`;
  const prometheus = processes.start(program, [
    `--config.file=${join(directory, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(directory, 'data')}`,
    `--web.listen-address=${listen}`,
  ]);
  await prometheus.waitForOutput(/ready to receive web requests/);
  return {
    async firing() {
      const answer = await fetch(`http://${listen}/api/v1/alerts`);
      const { alerts } = alertsSchema.parse(await answer.json()).data;
      return new Set(alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname));
    },
  };
}

/** How long something has to last, and over which time it is counted: so many seconds for so many minutes. */
export function inSeconds(rules: string): string {
  const seconds = (count: string, unit: string): string => `${Number(count) * (UNITS[unit] ?? 1)}s`;
  return rules
    .replaceAll(/^(\s+for: )(\d+)([mh])$/gm, (_line, before, count, unit) => before + seconds(count, unit))
    .replaceAll(/\[(\d+)([mh])\]/g, (_range, count, unit) => `[${seconds(count, unit)}]`);
}

function configOf(targets: PrometheusOptions['targets']): string {
  return stringify({
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: ['rules.yml'],
    scrape_configs: Object.entries(targets).map(([job_name, port]) => ({
      job_name,
      static_configs: [{ targets: [`127.0.0.1:${port}`] }],
    })),
  });
}
