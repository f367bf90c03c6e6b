/** An object of a document. */
export type Json = Readonly<Record<string, unknown>>;

/** A schema and the document that its references point into. */
export interface Placed {
  readonly document: Json;
  readonly schema: Json | undefined;
}

interface Place {
  readonly place: string;
  /** Whether clients read it; else they write it. */
  readonly isRead: boolean;
}

const AT_MOST = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
const AT_LEAST = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
/** Deeper than any of ours; what goes on refers to itself. */
const MAX_DEPTH = 12;

/**
 * How a schema takes less than the one before where clients write, or promises less where they read; one line each.
 */
export function narrowings(before: Placed, after: Placed, where: Place, depth = 0): readonly string[] {
  const [old, now] = [resolved(before), resolved(after)];
  if (old === undefined || depth > MAX_DEPTH) return [];
  const { place, isRead } = where;
  if (now === undefined) return isRead ? [`${place} is gone`] : [];
  const inner = (name: string, [a, b]: readonly [unknown, unknown]): readonly string[] =>
    narrowings(
      { ...before, schema: a as Json },
      { ...after, schema: b as Json },
      { isRead, place: `${place}${name}` },
      depth + 1,
    );
  return [
    ...valueChanges(old, now, where),
    ...(isRead ? [] : limitChanges(old, now, place)),
    ...memberChanges(old, now, where),
    ...Object.entries(objectsOf(old.properties)).flatMap(([name, schema]) => {
      const other = objectsOf(now.properties)[name];
      return other === undefined ? [] : inner(`.${name}`, [schema, other]);
    }),
    ...inner('[]', [old.items, now.items ?? {}]),
    ...alternativeChanges(old, now, { where, inner }),
  ];
}

/** The objects in an object, by name. */
export function objectsOf(value: unknown): Readonly<Record<string, Json>> {
  return (value ?? {}) as Readonly<Record<string, Json>>;
}

/** Types and listed values: none may go where clients write, none be new where they read. */
function valueChanges(old: Json, now: Json, { place, isRead }: Place): string[] {
  return (['type', 'enum', 'const'] as const).flatMap((keyword) => {
    const [before, after] = [old[keyword], now[keyword]].map(listOf);
    const [from, to] = isRead ? [after, before] : [before, after];
    if (from === undefined || to === undefined) {
      const isNarrower = isRead ? before !== undefined && after === undefined : after !== undefined;
      return isNarrower && before !== after ? [`${place} has another ${keyword}`] : [];
    }
    const missing = from.filter((value) => !to.includes(value));
    const what = isRead ? 'may be' : 'may no longer be';
    return missing.map((value) => `${place} ${what} ${value}`);
  });
}

function limitChanges(old: Json, now: Json, place: string): string[] {
  const isTighter = (names: readonly string[], isBeyond: (a: number, b: number) => boolean): string[] =>
    names.filter((name) => {
      const [before, after] = [old[name], now[name]];
      return typeof after === 'number' && (typeof before !== 'number' || isBeyond(after, before));
    });
  const tighter = [...isTighter(AT_MOST, (a, b) => a < b), ...isTighter(AT_LEAST, (a, b) => a > b)];
  const found = tighter.map((name) => `${place} has the ${name} ${now[name]}`);
  return now.pattern === undefined || now.pattern === old.pattern
    ? found
    : [...found, `${place} has the pattern ${now.pattern}`];
}

function memberChanges(old: Json, now: Json, { place, isRead }: Place): string[] {
  const names = Object.keys(objectsOf(old.properties));
  const isOpen = now.additionalProperties !== false && now.additionalProperties !== undefined;
  const gone = names.filter((name) => !(name in objectsOf(now.properties)) && !(isOpen && !isRead));
  const [before, after] = [old.required, now.required].map((list) => namesOf(list));
  const [from = [], to = []] = isRead ? [before, after] : [after, before];
  const changed = from.filter((name) => !to.includes(name) && !gone.includes(name));
  return [
    ...gone.map((name) => `${place}.${name} is gone`),
    ...changed.map((name) => `${place}.${name} ${isRead ? 'may be missing' : 'is needed'}`),
  ];
}

interface Alternatives {
  readonly where: Place;
  readonly inner: (name: string, pair: readonly [unknown, unknown]) => readonly string[];
}

function alternativeChanges(old: Json, now: Json, { where, inner }: Alternatives): readonly string[] {
  return ['anyOf', 'oneOf', 'allOf'].flatMap((keyword) => {
    const [before, after] = [old[keyword], now[keyword]].map((list) => (Array.isArray(list) ? list : []));
    if (before === undefined || after === undefined) return [];
    const isLess = where.isRead ? after.length > before.length : after.length < before.length;
    if (isLess) return [`${where.place} has other alternatives`];
    return before.flatMap((schema, index) => (index < after.length ? inner('', [schema, after[index]]) : []));
  });
}

function resolved({ document, schema }: Placed): Json | undefined {
  const name = /^#\/components\/schemas\/(.+)$/.exec(String(schema?.$ref))?.[1];
  return name === undefined ? schema : objectsOf(objectsOf(document.components).schemas)[name];
}

function namesOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function listOf(value: unknown): readonly unknown[] | undefined {
  return value === undefined ? undefined : [value].flat();
}
