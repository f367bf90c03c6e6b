import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** An operation of the API as its OpenAPI document tells it. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  /** The scopes of which a key needs one; none where no key is asked for. */
  readonly scopes: readonly string[];
  /** What the audit log calls it; null where it is not noted. */
  readonly action: string | null;
}

const operation = z.object({
  summary: z.string(),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  'x-audit-action': z.string().optional(),
});
const openApi = z.object({ paths: z.record(z.string(), z.record(z.string(), operation)) });

/** Every operation, in the order of the document. */
export function routes(): readonly Route[] {
  const { paths } = openApi.parse(JSON.parse(readFileSync('clients/openapi.json', 'utf8')));
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, told]) => ({
      method: method.toUpperCase(),
      path,
      summary: told.summary,
      scopes: [...new Set((told.security ?? []).flatMap((way) => Object.values(way).flat()))],
      action: told['x-audit-action'] ?? null,
    })),
  );
}
