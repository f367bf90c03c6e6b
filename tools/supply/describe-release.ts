import { z } from 'zod';

const packageSchema = z.object({ name: z.string(), version: z.string() });
const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      dev: z.boolean().default(false),
      link: z.boolean().default(false),
    }),
  ),
});
const documentSchema = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  metadata: z.looseObject({
    component: z.looseObject({ 'bom-ref': z.string(), name: z.string(), version: z.string() }),
  }),
  components: z.array(z.looseObject({ 'bom-ref': z.string(), name: z.string(), version: z.string() })),
  dependencies: z.array(z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()).default([]) })),
});

/**
 * Makes of the CycloneDX document that npm wrote for everything the one for a release: without what is for development
 * only, and named after the package. npm itself (11.19) names it after the directory, and its `--omit=dev` leaves out
 * whatever is used by development, too, by production or not.
 * @throws Error where the document is none, or of another version than the package
 */
export function describeRelease(
  document: unknown,
  { packageJson, lock }: { readonly packageJson: unknown; readonly lock: unknown },
): object {
  const { name, version } = packageSchema.parse(packageJson);
  const { metadata, components, dependencies, ...rest } = documentSchema.parse(document);
  const root = metadata.component;
  if (root.version !== version) {
    throw new Error(`the lockfile is of version ${root.version}, package.json of ${version}`);
  }
  const released = releasedIn(lock);
  const kept = components.filter((one) => released.has(`${one.name}@${one.version}`));
  const refs = new Set([root['bom-ref'], ...kept.map((one) => one['bom-ref'])]);
  return {
    ...rest,
    metadata: { ...metadata, component: { ...root, name } },
    components: kept,
    dependencies: dependencies
      .filter(({ ref }) => refs.has(ref))
      .map((one) => ({ ...one, dependsOn: one.dependsOn.filter((ref) => refs.has(ref)) })),
  };
}

/** What a production install has of others' packages, as `name@version`; those of the house are the release itself. */
function releasedIn(lock: unknown): ReadonlySet<string> {
  const { packages } = lockSchema.parse(lock);
  const paths = Object.entries(packages).filter(
    ([path, { dev, link }]) => path.includes('node_modules/') && !dev && !link,
  );
  return new Set(paths.map(([path, { version }]) => `${nameOf(path)}@${version}`));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
