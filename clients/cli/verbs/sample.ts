import { UsageError } from '../usage-error.ts';

type Schema = Readonly<Record<string, unknown>>;
type Data = Record<string, unknown>;

const MAX_DEPTH = 8;

/** A value that a JSON Schema describes: its own examples where it has them, else the plainest of its type. */
export function sampleOf(schema: Schema, name = 'value', depth = 0): unknown {
  const { examples, default: initial, const: only, enum: listed } = schema;
  const told = [only, first(examples), initial, first(listed)].find((one) => one !== undefined);
  if (told !== undefined || depth > MAX_DEPTH) return told ?? null;
  switch (first(schema.type) ?? (schema.properties === undefined ? 'null' : 'object')) {
    case 'object':
      return objectOf(schema, depth);
    case 'array':
      return isSchema(schema.items) ? [sampleOf(schema.items, name, depth + 1)] : [];
    case 'integer':
    case 'number':
      return typeof schema.minimum === 'number' ? schema.minimum : 1;
    case 'boolean':
      return true;
    case 'string':
      return textOf(schema, name);
    default:
      return null;
  }
}

function objectOf({ properties }: Schema, depth: number): Data {
  if (!isSchema(properties)) return {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, member]) => [
      name,
      isSchema(member) ? sampleOf(member, name, depth + 1) : null,
    ]),
  );
}

function textOf({ format, minLength }: Schema, name: string): string {
  if (format === 'date-time') return '2030-01-31T09:00:00Z';
  if (format === 'date') return '2030-01-31';
  if (format === 'uri') return 'https://example.com/';
  if (format === 'email') return 'somebody@example.com';
  if (format === 'uuid') return '00000000-0000-4000-8000-000000000000';
  return name.padEnd(typeof minLength === 'number' ? minLength : 0, 'x');
}

/** Sets a member by `a.b=value`; the value is JSON where it can be read so, else a text. @throws UsageError */
export function setAt(data: Data, change: string): void {
  const at = change.indexOf('=');
  if (at < 1) throw new UsageError(`--set ${change}: it looks like path=value`);
  const { parent, last } = parentOf(data, change.slice(0, at));
  parent[last] = jsonOr(change.slice(at + 1));
}

/** Removes a member by `a.b`. */
export function unsetAt(data: Data, path: string): void {
  const { parent, last } = parentOf(data, path);
  delete parent[last];
}

/** Objects on the way are made where they are missing. */
function parentOf(data: Data, path: string): { readonly parent: Data; readonly last: string } {
  const names = path.split('.');
  const last = names.pop() ?? '';
  let parent = data;
  for (const name of names) {
    const next = Object.hasOwn(parent, name) ? parent[name] : undefined;
    const object: Data = typeof next === 'object' && next !== null ? (next as Data) : {};
    Object.defineProperty(parent, name, {
      value: object,
      enumerable: true,
      configurable: true,
      writable: true,
    });
    parent = object;
  }
  return { parent, last };
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function first(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
