import { z } from 'zod';
import { isUncheckedSchema } from '../platform/document.ts';

/** A zod schema as OpenAPI 3.1 has it: named schemas as references, with what they refer to as components. */
export function toJsonSchema(
  schema: unknown,
  { schemaType }: { readonly schemaType: 'input' | 'output' },
): { readonly schema: Record<string, unknown>; readonly components: Record<string, unknown> } | undefined {
  const documented = isUncheckedSchema(schema) ? schema.documents : schema;
  if (!(documented instanceof z.ZodType)) return undefined;
  const converted = z.toJSONSchema(documented, { io: schemaType, unrepresentable: 'any' });
  const { $schema: _dialect, $defs: components = {}, ...rest } = converted;
  return { schema: rest, components };
}
