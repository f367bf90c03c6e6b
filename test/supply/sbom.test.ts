import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { z } from 'zod';
import { describeRelease } from '../../tools/supply/describe-release.ts';
import { createProcessGroup } from '../support/processes/processes.ts';

const documentSchema = z.looseObject({
  specVersion: z.string(),
  metadata: z.object({ component: z.looseObject({ 'bom-ref': z.string() }) }),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
  components: z.array(
    z.object({
      'bom-ref': z.string(),
      purl: z.string(),
      hashes: z.array(z.object({ alg: z.string(), content: z.string() })).default([]),
    }),
  ),
});
const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().default(''),
      link: z.boolean().default(false),
      dev: z.boolean().default(false),
      integrity: z.string().optional(),
    }),
  ),
});

/** Where the package that brings them keeps the schemas of the standard. */
const SCHEMAS = 'node_modules/@cyclonedx/cyclonedx-library/res/schema';

describe('npm run sbom', () => {
  let raw: object;
  let document: z.infer<typeof documentSchema>;

  beforeAll(async () => {
    const processes = createProcessGroup();
    const run = processes.start(process.execPath, ['dist/tools/supply/sbom.js']);
    expect(await run.ended).toBe('code 0');
    raw = JSON.parse(run.output());
    document = documentSchema.parse(raw);
  });

  it('writes a document that is valid by the schema of its version of CycloneDX', () => {
    const ajv = new Ajv({ strict: false, formats: { 'idn-email': true, 'iri-reference': /^\S*$/ } });
    addFormats.default(ajv);
    for (const name of ['spdx', 'jsf-0.82'])
      ajv.addSchema(schemaNamed(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
    const validate = ajv.compile(schemaNamed(`bom-${document.specVersion}`));
    expect([validate(raw), validate.errors]).toEqual([true, null]);
    expect(validate({ ...raw, components: [{ name: 'of no type' }] })).toBe(false);
  });

  it('is about this release of Posthorn', () => {
    const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(document.metadata.component).toMatchObject({
      type: 'application',
      name,
      version,
      purl: `pkg:npm/${name}@${version}`,
    });
  });

  it('tells what depends on what, of things that are in it only', () => {
    const refs = new Set([
      document.metadata.component['bom-ref'],
      ...document.components.map((one) => one['bom-ref']),
    ]);
    const edges = document.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]);
    expect(edges.filter((ref) => !refs.has(ref))).toEqual([]);
    expect(document.dependencies).toHaveLength(refs.size);
  });

  it('has everything that the lockfile installs in production, with its digest, and nothing else', () => {
    const { packages } = lockSchema.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
    const locked = Object.entries(packages)
      .filter(([path, { dev, link }]) => path.includes('node_modules/') && !dev && !link)
      .map(([path, { version, integrity }]) => [purlOf(path, version), integrity]);
    const listed = document.components.map(({ purl, hashes }) => [purl, integrityOf(hashes)]);
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(locked));
  });
});

describe('describeRelease', () => {
  it('is not content with a lockfile of another version', () => {
    const component = { 'bom-ref': 'posthorn@0.1.0', name: 'clone', version: '0.1.0' };
    const document = { bomFormat: 'CycloneDX', metadata: { component }, components: [], dependencies: [] };
    const packageJson = { name: 'posthorn', version: '0.2.0' };
    expect(() => describeRelease(document, { packageJson, lock: { packages: {} } })).toThrow(/0\.1\.0/);
  });
});

function schemaNamed(name: string): object {
  return JSON.parse(readFileSync(`${SCHEMAS}/${name}.SNAPSHOT.schema.json`, 'utf8'));
}

function purlOf(path: string, version: string): string {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** As the lockfile writes it: the name of the algorithm, and base64. */
function integrityOf(
  hashes: readonly { readonly alg: string; readonly content: string }[],
): string | undefined {
  const [first] = hashes;
  return (
    first &&
    `${first.alg.toLowerCase().replace('-', '')}-${Buffer.from(first.content, 'hex').toString('base64')}`
  );
}
