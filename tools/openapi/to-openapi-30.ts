type Json = Readonly<Record<string, unknown>>;

/** Keywords of JSON Schema that OpenAPI 3.0 does not know and whose loss makes a schema only wider. */
const UNKNOWN = ['propertyNames', '$schema', 'contentEncoding', 'contentMediaType'];

/**
 * The same API as OpenAPI 3.0.3, for generators that do not read 3.1: null becomes `nullable`, `const` an enum of one,
 * open lists of codes become strings with `x-extensible-enum`, and one value or a list of such the list alone. Webhooks
 * and scopes of keys have no place there.
 */
export function toOpenApi30(document: object): Json {
  const { webhooks: _webhooks, openapi: _version, ...rest } = document as Json;
  return withTypes({ openapi: '3.0.3', ...(convert(rest) as Json) });
}

/** `nullable` counts beside a `type` only, also where all else stands in another schema. */
function withTypes(document: Json): Json {
  const { schemas } = document.components as { readonly schemas: Readonly<Record<string, Json>> };
  const text = JSON.stringify(document, (_name, value: unknown) => {
    if (!isObject(value) || value.nullable !== true || !Array.isArray(value.allOf)) return value;
    const name = String(value.allOf[0].$ref).replace('#/components/schemas/', '');
    return { type: schemas[name]?.type ?? 'object', ...value };
  });
  return JSON.parse(text);
}

function convert(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(convert);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, member]) => [name, convertMember(name, member)]);
  return isSchema(value) ? toSchema30(Object.fromEntries(entries)) : Object.fromEntries(entries);
}

/** Examples are data and stay as they are; only bearer keys have no roles in 3.0. */
function convertMember(name: string, member: unknown): unknown {
  if (name === 'security' && Array.isArray(member)) return member.map(withoutRoles);
  return ['example', 'examples', 'default', 'enum', 'const'].includes(name) ? member : convert(member);
}

function withoutRoles(requirement: Json): Json {
  return Object.fromEntries(Object.keys(requirement).map((scheme) => [scheme, []]));
}

function isSchema(value: Json): boolean {
  return ['type', 'anyOf', 'allOf', 'oneOf', 'const', 'enum', 'propertyNames'].some((name) => {
    const member = value[name];
    // A property may be called `type`, too; its value is a schema then.
    return Array.isArray(member) || (member !== undefined && !isObject(member));
  });
}

function toSchema30(schema: Json): Json {
  const known = Object.entries(schema).filter(([name]) => !UNKNOWN.includes(name));
  const { type, anyOf, const: only, examples, ...rest } = Object.fromEntries(known);
  return {
    ...typeOf(type === 'number' && isWhole(rest.enum) ? 'integer' : type),
    ...(Array.isArray(anyOf) ? alternativesOf(anyOf, rest) : rest),
    ...(only !== undefined && { enum: [only], type: typeof only }),
    ...(Array.isArray(examples) && { example: examples[0] }),
    ...exclusive(rest, { bound: 'minimum', flag: 'exclusiveMinimum' }),
    ...exclusive(rest, { bound: 'maximum', flag: 'exclusiveMaximum' }),
  };
}

/** Enums of numbers that are whole: generators make integers of them, and some compile only then. */
function isWhole(values: unknown): boolean {
  return Array.isArray(values) && values.every((value) => Number.isInteger(value));
}

function typeOf(type: unknown): Json {
  if (type === undefined) return {};
  const types = [type].flat().filter((one) => one !== 'null');
  const isNullable = types.length < [type].flat().length;
  return { ...(types.length === 1 && { type: types[0] }), ...(isNullable && { nullable: true }) };
}

function alternativesOf(anyOf: readonly Json[], rest: Json): Json {
  const alternatives = anyOf.filter((one) => !isNull(one));
  const isNullable = alternatives.length < anyOf.length;
  const [only] = alternatives;
  const nullable = isNullable ? { nullable: true } : {};
  if (isOpenList(alternatives)) return { ...rest, ...nullable, ...openList(alternatives) };
  const list = listOf(alternatives);
  if (list !== undefined) return { ...rest, ...nullable, ...list };
  if (alternatives.length > 1 || only === undefined) return { ...rest, anyOf: alternatives, ...nullable };
  return '$ref' in only ? { ...rest, allOf: [only], ...nullable } : { ...rest, ...only, ...nullable };
}

function isNull(schema: Json): boolean {
  return schema.nullable === true && Object.keys(schema).length === 1;
}

/** Listed texts beside a pattern for others: readers must be ready for more than the list. */
function isOpenList(alternatives: readonly Json[]): boolean {
  return alternatives.some((one) => 'enum' in one) && alternatives.some((one) => 'pattern' in one);
}

/** A list of what all others are: some generators can make nothing of a list among alternatives. */
function listOf(alternatives: readonly Json[]): Json | undefined {
  return alternatives.find((list) => {
    const others = alternatives.filter((one) => one !== list);
    return others.length > 0 && others.every((one) => JSON.stringify(one) === JSON.stringify(list.items));
  });
}

function openList(alternatives: readonly Json[]): Json {
  return { type: 'string', 'x-extensible-enum': alternatives.flatMap((one) => one.enum ?? []) };
}

function exclusive(rest: Json, { bound, flag }: { readonly bound: string; readonly flag: string }): Json {
  const value = rest[flag];
  return typeof value === 'number' ? { [bound]: value, [flag]: true } : {};
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}
