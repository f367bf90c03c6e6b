import { isPlainObject } from '../platform/input/json-object.ts';
import type { JsonSchema } from './json-schema.ts';

/** Compiling takes some microseconds a byte. */
const MAX_PLAIN_BYTES = 8_192;

/** Keywords that cost no more than looking at the value, and what only describes. */
const CHEAP = new Set([
  ...['type', 'required', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'],
  ...['$schema', '$comment', 'title', 'description', 'default', 'examples', 'deprecated'],
]);
/** Formats whose patterns never look at a character twice. */
const CHEAP_FORMATS = ['date-time', 'date', 'time', 'uuid'];

/**
 * Whether checking data against a schema is sure to take a time that grows with the data and the schema only: no
 * patterns, no comparing of items, no references and no alternatives, so that each value is looked at by one place of
 * the schema.
 */
export function isPlainSchema(schema: JsonSchema): boolean {
  return Buffer.byteLength(JSON.stringify(schema)) <= MAX_PLAIN_BYTES && isPlain(schema);
}

function isPlain(schema: unknown): boolean {
  if (typeof schema === 'boolean') return true;
  return isPlainObject(schema) && Object.entries(schema).every(([keyword, value]) => isCheap(keyword, value));
}

function isCheap(keyword: string, value: unknown): boolean {
  switch (keyword) {
    case 'properties':
      return isPlainObject(value) && Object.values(value).every(isPlain);
    case 'items':
    case 'additionalProperties':
      return isPlain(value);
    case 'const':
      return isScalar(value);
    case 'enum':
      return Array.isArray(value) && value.every(isScalar);
    case 'format':
      return typeof value === 'string' && CHEAP_FORMATS.includes(value);
    default:
      return CHEAP.has(keyword);
  }
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}
