import { type Json, narrowings, objectsOf } from './narrowings.ts';

const METHODS = ['get', 'put', 'post', 'patch', 'delete'];

/**
 * What clients of one OpenAPI document would no longer find in another, or no longer be allowed, one line each: routes,
 * parameters, members, values. What is only added breaks nobody.
 */
export function breakingChanges(before: Json, after: Json): readonly string[] {
  return [...operationsOf(before)].flatMap(([route, old]) => {
    const now = operationsOf(after).get(route);
    if (now === undefined) return [`${route}: is gone`];
    const found = [
      ...operationChanges(old, now),
      ...parameterChanges({ document: before, operation: old }, { document: after, operation: now }),
      ...narrowings(
        { document: before, schema: bodyOf(old.requestBody) },
        { document: after, schema: bodyOf(now.requestBody) },
        // What receivers get is told as requests to them.
        { place: 'body', isRead: route.startsWith('webhook ') },
      ),
      ...answerChanges({ document: before, operation: old }, { document: after, operation: now }),
    ];
    return found.map((change) => `${route}: ${change}`);
  });
}

interface Described {
  readonly document: Json;
  readonly operation: Json;
}

function operationsOf(document: Json): ReadonlyMap<string, Json> {
  const all = [
    ...Object.entries(objectsOf(document.paths)),
    ...Object.entries(objectsOf(document.webhooks)).map(([name, item]) => [`webhook ${name}`, item] as const),
  ];
  return new Map(
    all.flatMap(([path, item]) =>
      METHODS.filter((method) => method in item).map((method) => {
        const route = path.startsWith('/') ? `${method.toUpperCase()} ${path}` : path;
        return [route, objectsOf(item)[method] ?? {}] as const;
      }),
    ),
  );
}

function operationChanges(old: Json, now: Json): string[] {
  const found: string[] = [];
  if (old.operationId !== now.operationId) found.push(`is called ${now.operationId}, not ${old.operationId}`);
  if (old['x-scope'] !== now['x-scope']) found.push(`needs ${now['x-scope']}, not ${old['x-scope']}`);
  return found;
}

function parameterChanges(old: Described, now: Described): string[] {
  const [before, after] = [parametersOf(old.operation), parametersOf(now.operation)];
  const asked = [...after].filter(
    ([name, { required }]) => required === true && before.get(name)?.required !== true,
  );
  const found = asked.map(([name]) => `needs the parameter ${name}`);
  for (const [name, parameter] of before) {
    const other = after.get(name);
    if (other === undefined) found.push(`no longer takes the parameter ${name}`);
    else
      found.push(
        ...narrowings(
          { document: old.document, schema: objectsOf(parameter).schema },
          { document: now.document, schema: objectsOf(other).schema },
          { place: `parameter ${name}`, isRead: false },
        ),
      );
  }
  return found;
}

function parametersOf({ parameters = [] }: Json): ReadonlyMap<string, Json> {
  return new Map((parameters as Json[]).map((parameter) => [String(parameter.name), parameter]));
}

/** Answers of success; every error is a problem, whose codes may become more. */
function answerChanges(old: Described, now: Described): string[] {
  const [before, after] = [old, now].map(({ operation }) => objectsOf(operation.responses));
  return Object.entries(before ?? {})
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([status, answer]) => {
      const other = after?.[status];
      if (other === undefined) return [`no longer answers ${status}`];
      return narrowings(
        { document: old.document, schema: bodyOf(answer) },
        { document: now.document, schema: bodyOf(other) },
        { place: `answer ${status}`, isRead: true },
      );
    });
}

function bodyOf(described: unknown): Json | undefined {
  const { content } = (described ?? {}) as Json;
  return objectsOf(objectsOf(content)['application/json']).schema;
}
