import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { z } from 'zod';

/**
 * A schema for the OpenAPI document only: bodies pass as they came, to be checked together with what no schema knows, so that
 * one answer names every fault.
 */
export function unchecked(schema: z.ZodType): StandardSchemaV1 {
  const standard = { ...schema['~standard'], validate: (value: unknown) => ({ value }) };
  return { '~standard': standard };
}
