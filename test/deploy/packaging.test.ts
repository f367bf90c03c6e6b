import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { environmentSchema, SECRET_SETTINGS } from '../../src/settings/environment.ts';

const CHART = 'deploy/helm/posthorn';
const UNITS = 'deploy/systemd';
const KNOWN = [...Object.keys(environmentSchema.shape), ...SECRET_SETTINGS.map((name) => `${name}_FILE`)];

function read(file: string): string {
  return readFileSync(file, 'utf8');
}

describe('the Helm chart', () => {
  const templates = readdirSync(`${CHART}/templates`).map((name) => read(`${CHART}/templates/${name}`));

  it('is of this version', () => {
    const { version } = z.object({ version: z.string() }).parse(JSON.parse(read('package.json')));
    expect(parse(read(`${CHART}/Chart.yaml`))).toMatchObject({ version, appVersion: version });
  });

  it('sets nothing that Posthorn does not read', () => {
    const named = templates.flatMap((text) => [...text.matchAll(/^\s*- name: ([A-Z][A-Z_]+)$/gm)]);
    const names = named.map(([, name = '']) => name);
    expect(names).toContain('TEMPORAL_ADDRESS');
    expect(names.filter((name) => !KNOWN.includes(name))).toEqual([]);
    const secrets = [...read(`${CHART}/templates/_helpers.tpl`).matchAll(/"([A-Z][A-Z_]+)" "\w+"/g)];
    expect(secrets.map(([, name = '']) => `${name}_FILE`).filter((name) => !KNOWN.includes(name))).toEqual(
      [],
    );
  });

  it('takes secrets by reference only, and lets no container write or gain rights', () => {
    const all = templates.join('\n');
    expect(all).not.toMatch(/kind: Secret\b/);
    expect(all).toContain('readOnlyRootFilesystem: true');
    expect(all).toContain('runAsNonRoot: true');
    expect(all).toContain('capabilities: { drop: [ALL] }');
  });

  it('has the alerts that Prometheus has', () => {
    expect(read(`${CHART}/rules.yml`)).toBe(read('deploy/prometheus/posthorn.rules.yml'));
  });
});

describe('the systemd units', () => {
  it.each(readdirSync(UNITS))('has %s set only what Posthorn reads, and run as nobody', (name) => {
    const text = read(`${UNITS}/${name}`);
    const names = [...text.matchAll(/^Environment=([A-Z_]+)=/gm)].map(([, setting = '']) => setting);
    expect(names.filter((setting) => !KNOWN.includes(setting))).toEqual([]);
    expect(text).toMatch(/^DynamicUser=yes$/m);
    expect(text).toMatch(/^ProtectSystem=strict$/m);
  });
});
