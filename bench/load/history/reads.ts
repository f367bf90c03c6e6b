/** What is asked of the API again and again: a route with some filters, with other values each time. */
export interface Read {
  /** Its path, as the document of the API has it. */
  readonly route: string;
  /** Names of the filters; none of a whole list. */
  readonly filters: readonly string[];
  /** Path and query of the question with this number. */
  path(index: number): string;
}

/** Values by the name of what they are for: filters, and what paths name: `event_id` for `/v1/events/{id}`. */
export type ReadValues = Readonly<Record<string, readonly string[]>>;

/** What is read here of the document of the API. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, { readonly get?: Operation }>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: Schema;
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
}

/** Kept in memory only, and turned off. */
const LEFT_OUT = ['/v1/echo/{name}'];
/** How much is answered, not what. */
const OF_PAGES = ['cursor', 'limit'];

/**
 * Every list, count and figure that a document of the API has, each whole, with every filter and with every pair of
 * filters: what is read by GET as JSON and takes anything in its query.
 * @throws Error for a filter that has no values
 */
export function readsOf(document: ApiDocument, values: ReadValues): readonly Read[] {
  return Object.entries(document.paths).flatMap(([route, { get }]) => {
    if (get === undefined || LEFT_OUT.includes(route) || !isRead(get)) return [];
    const filters = filtersOf(route, { operation: get, document, values });
    const pairs = filters.flatMap((one, place) => filters.slice(place + 1).map((other) => [one, other]));
    return [[], ...filters.map((filter) => [filter]), ...pairs].map((chosen) =>
      toRead(route, { chosen, values }),
    );
  });
}

function isRead({ parameters = [], responses }: Operation): boolean {
  const isJson = responses['200']?.content?.['application/json'] !== undefined;
  return isJson && parameters.some((parameter) => parameter.in === 'query');
}

interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

interface OfRoute {
  readonly operation: Operation;
  readonly document: ApiDocument;
  readonly values: ReadValues;
}

function filtersOf(route: string, { operation, document, values }: OfRoute): readonly Filter[] {
  return (operation.parameters ?? [])
    .filter((parameter) => parameter.in === 'query' && !OF_PAGES.includes(parameter.name))
    .map(({ name, schema }) => {
      const { enum: words } = resolved(schema, document);
      return { name, values: words?.map(String) ?? valuesFor(name === 'id' ? idName(route) : name, values) };
    });
}

function resolved(schema: Schema, { components }: ApiDocument): Schema {
  return schema.$ref === undefined
    ? schema
    : (components?.schemas?.[schema.$ref.split('/').at(-1) ?? ''] ?? {});
}

function valuesFor(name: string, values: ReadValues): readonly string[] {
  const found = values[name] ?? [];
  if (found.length === 0) throw new Error(`there are no values to ask for by "${name}"`);
  return found;
}

interface Chosen {
  readonly chosen: readonly Filter[];
  readonly values: ReadValues;
}

function toRead(route: string, { chosen, values }: Chosen): Read {
  return {
    route,
    filters: chosen.map(({ name }) => name),
    path(index) {
      const path = route.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
        const known = valuesFor(name === 'id' ? idName(route) : name, values);
        return known[index % known.length] ?? '';
      });
      // Values go on side by side, one further with each turn, so that few questions already have many combinations.
      const turn = Math.floor(index / (chosen[0]?.values.length ?? 1));
      const query = new URLSearchParams();
      for (const [place, { name, values: known }] of chosen.entries())
        addTo(query, { name, value: known[(index + place * turn) % known.length] ?? '' });
      return query.size === 0 ? path : `${path}?${query}`;
    },
  };
}

/** A value with a name of its own, `job_id=J-1`, is one of a member of `data`. */
function addTo(
  query: URLSearchParams,
  { name, value }: { readonly name: string; readonly value: string },
): void {
  const [member, ofMember] = value.split('=');
  if (name === 'data' && ofMember !== undefined) query.append(`data[${member}]`, ofMember);
  else query.append(name, value);
}

/** What an id in a path of this route is: `event_id` of `/v1/events/{id}/explain`. */
function idName(route: string): string {
  return `${(route.split('/')[2] ?? '').replace(/ies$/, 'y').replace(/s$/, '').replaceAll('-', '_')}_id`;
}
