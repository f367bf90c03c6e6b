import { z } from 'zod';
import { isUncheckedSchema } from '../platform/answers/document.ts';

/** A zod schema as OpenAPI 3.1 has it: named schemas as references, with what they refer to as components. */
export function toJsonSchema(
  schema: unknown,
  { schemaType }: { readonly schemaType: 'input' | 'output' },
): { readonly schema: Record<string, unknown>; readonly components: Record<string, unknown> } | undefined {
  const documented = isUncheckedSchema(schema) ? schema.documents : schema;
  if (!(documented instanceof z.ZodType)) return undefined;
  const converted = z.toJSONSchema(documented, {
    io: schemaType,
    unrepresentable: 'any',
    override: (made) => {
      dropSafeBounds(made);
      dropClosures(made.jsonSchema, schemaType);
    },
  });
  const { $schema: _dialect, $defs: components = {}, ...rest } = converted;
  return { schema: rest, components };
}

/** What is said of a schema that no reader of the document needs. */
interface Redundant {
  type?: unknown;
  format?: string;
  pattern?: string;
  additionalProperties?: unknown;
}

/** Answers may get more members with time, so none is closed; and a time is known by its format. */
function dropClosures(schema: Redundant, schemaType: 'input' | 'output'): void {
  if (schemaType === 'output' && schema.additionalProperties === false) delete schema.additionalProperties;
  if (schema.format === 'date-time') delete schema.pattern;
}

/** Zod bounds every integer to what a double holds exactly, which tells readers nothing. */
function dropSafeBounds({
  jsonSchema,
}: {
  readonly jsonSchema: { minimum?: number; maximum?: number };
}): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}
