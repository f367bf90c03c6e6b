/** Where the schema is told, from the root. */
export const SCHEMA_FILE = 'docs/internals/schema.txt';
