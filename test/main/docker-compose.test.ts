import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { readConfig } from '../../src/config.ts';
import { environmentSchema } from '../../src/settings/environment.ts';

const serviceSchema = z.object({
  image: z.string(),
  build: z.string().optional(),
  command: z.union([z.string(), z.array(z.string())]).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  env_file: z.array(z.unknown()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  volumes: z.array(z.string()).default([]),
});
const composeSchema = z.object({
  services: z.record(z.string(), serviceSchema),
  volumes: z.record(z.string(), z.null()),
});

const compose = composeSchema.parse(parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }));
const dockerfile = readFileSync('Dockerfile', 'utf8');

/** What the host's environment has to say, by the compose file's own head. */
const SECRETS: Readonly<Record<string, string>> = {
  POSTGRES_PASSWORD: 'a-password',
  POSTHORN_ADMIN_KEY: 'an-admin-key-of-enough-length',
  POSTHORN_MASTER_KEY: Buffer.alloc(32, 1).toString('base64'),
};

describe('docker-compose.yml', () => {
  it('has every part of a production set-up', () => {
    expect(Object.keys(compose.services)).toEqual(
      expect.arrayContaining(['postgres', 'temporal', 'temporal-ui', 'migrate', 'api', 'worker']),
    );
  });

  it.each(['migrate', 'api', 'worker'] as const)(
    'gives the role %s the configuration it asks for',
    (role) => {
      const service = compose.services[role];
      expect(service?.command).toEqual([role]);
      const config = readConfig(role, interpolated(service?.environment ?? {}));
      expect(config.databaseUrl).toBe('postgres://posthorn:a-password@postgres:5432/posthorn');
      if (role !== 'migrate') expect(config.temporal.address).toBe('temporal:7233');
    },
  );

  it.each(['migrate', 'api', 'worker'])('sets nothing for %s that Posthorn does not read', (role) => {
    const names = Object.keys(compose.services[role]?.environment ?? {});
    expect(names.filter((name) => !Object.hasOwn(environmentSchema.shape, name))).toEqual([]);
  });

  it('reads every other setting from one file, and overrides none of them', () => {
    for (const role of ['api', 'worker'])
      expect(compose.services[role]?.env_file).toEqual([{ path: 'posthorn.env', required: false }]);
    const passedOn = Object.entries(compose.services.api?.environment ?? {}).filter(([, value]) =>
      value.endsWith(':-}'),
    );
    expect(passedOn).toEqual([]);
  });

  it('waits for services that exist, and keeps data in volumes that exist', () => {
    const services = Object.values(compose.services);
    const waitedFor = services.flatMap((service) => Object.keys(service.depends_on));
    expect(waitedFor.filter((name) => compose.services[name] === undefined)).toEqual([]);
    const mounted = services
      .flatMap((service) => service.volumes)
      .map((volume) => volume.split(':')[0] ?? '');
    expect(mounted.filter((name) => !(name in compose.volumes))).toEqual([]);
  });

  it('lets no part of Posthorn write to its image or gain rights', () => {
    const [shared] = /^x-posthorn:.*?\n\n/ms.exec(readFileSync('docker-compose.yml', 'utf8')) ?? [];
    expect(shared).toMatch(/^ {2}read_only: true$/m);
    expect(shared).toMatch(/^ {2}cap_drop: \[ALL\]$/m);
  });

  it('pins the version of every image it does not build', () => {
    const foreign = Object.values(compose.services).filter((service) => service.build === undefined);
    expect(foreign.filter(({ image }) => !/:\d/.test(image))).toEqual([]);
  });

  it('publishes nothing beyond this host without being told', () => {
    const text = readFileSync('docker-compose.yml', 'utf8');
    const ports = [...text.matchAll(/^ {6}- (\S+):\d+$/gm)].map((match) => match[1] ?? '');
    expect(ports).toHaveLength(2);
    expect(ports.filter((port) => !port.includes('127.0.0.1'))).toEqual([]);
  });
});

describe('Dockerfile', () => {
  it('runs the program that package.json names, not as root', () => {
    const { bin } = z
      .object({ bin: z.object({ posthorn: z.string() }) })
      .parse(JSON.parse(readFileSync('package.json', 'utf8')));
    expect(dockerfile).toContain(`"${bin.posthorn}"]`);
    expect(dockerfile).toMatch(/^USER 1000:1000$/m);
    expect(dockerfile).toMatch(/^HEALTHCHECK /m);
  });
});

/** Replaces `${NAME:?…}` and `${NAME:-default}` as Compose does. */
function interpolated(environment: Readonly<Record<string, string>>): Record<string, string> {
  const replace = (text: string): string =>
    text.replaceAll(
      /\$\{(\w+):(?:-([^}]*)|\?[^}]*)\}/g,
      (_all, name: string, fallback?: string) => SECRETS[name] ?? fallback ?? '',
    );
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, replace(value)]));
}
