import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { TRANSPORT_ERROR_ADVICE } from '../../../src/domain/error-code.ts';
import { PROBLEM_CODES } from '../../../src/domain/problems/problem-code.ts';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { ACCESS_MATRIX } from '../access-matrix.ts';
import { ROUTES } from './routes.ts';

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly unknown[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<Record<string, Response | { readonly $ref: string }>>;
  readonly 'x-scope'?: string;
}
interface Response {
  readonly description: string;
  readonly headers?: object;
  readonly content?: object;
}
interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly servers: readonly { readonly url: string }[];
  readonly components: {
    readonly responses: Readonly<Record<string, Response>>;
    readonly schemas: Readonly<Record<string, object>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
}

let api: ApiUnderTest;
let document: Document;
beforeAll(async () => {
  api = await startApi();
  document = (await (await fetch(`${api.url}/docs-json`)).json()) as Document;
});
afterAll(async () => await api.close());

const BODILESS_POST =
  /\/(cancel|continue|retry|enable|resume|secret\/promote|v1\/session|links|\{id\}\/verify)$/;

describe('createDocument', () => {
  it('is OpenAPI 3.1 with these routes and no other', () => {
    expect([document.openapi, document.info]).toEqual([
      '3.1.0',
      expect.objectContaining({ title: 'Posthorn' }),
    ]);
    const routes = operations().map(({ route }) => route);
    expect(routes.sort()).toEqual([...ROUTES].sort());
  });

  it('describes each operation, named by noun and verb, with a tag', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z]+(_[a-z]+)+$/);
    expect(ids).toEqual(expect.arrayContaining(['events_publish', 'endpoints_pause', 'deliveries_retry']));
    for (const { route, operation } of operations()) {
      expect([route, operation.summary]).toEqual([route, expect.stringMatching(/^[A-Z].+/)]);
      expect([route, operation.tags?.length]).toEqual([route, 1]);
    }
  });

  it('names every parameter of a path', () => {
    for (const { route, operation } of operations()) {
      const inPath = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const described = operation.parameters?.filter((one) => one.in === 'path').map((one) => one.name) ?? [];
      expect([route, described]).toEqual([route, inPath]);
    }
  });

  it('describes the body of every operation that takes one', () => {
    for (const { route, operation } of operations()) {
      const takesBody =
        /^(POST|PATCH|PUT)/.test(route) && !(BODILESS_POST.test(route) && !route.includes('dead-letters'));
      expect([route, operation.requestBody !== undefined]).toEqual([route, takesBody]);
    }
  });

  it('says wherever there is a body that it may be too large', () => {
    for (const { route, operation } of operations()) {
      const { responses } = operation;
      if ('415' in responses)
        expect([route, Object.keys(responses)]).toEqual([route, expect.arrayContaining(['413'])]);
    }
  });

  it('requires of an answer only what every answer has', () => {
    const { items } = (document.components.schemas.EchoList as { properties: { items: { items: object } } })
      .properties;
    expect(items.items).toMatchObject({ required: ['received_at', 'headers', 'body'] });
  });

  it('describes what comes back, and errors as problems', () => {
    for (const { route, operation } of operations()) {
      const types = Object.keys(operation.responses).map((status) => [
        status,
        ...Object.keys(responseOf(operation, status).content ?? {}),
      ]);
      const isReadiness = route === 'GET /v1/health/ready';
      const wanted = Object.keys(operation.responses).map((status) => [
        status,
        ...(isReadiness
          ? ['application/json']
          : typesOf(Number(status), { isStream: route.endsWith('/stream') })),
      ]);
      expect([route, types]).toEqual([route, wanted]);
      const isAnsweredAlways = operation.security?.length === 0 && route !== 'POST /v1/session/exchange';
      expect([route, '401' in operation.responses]).toEqual([route, !isAnsweredAlways]);
    }
  });

  it('refers only to schemas that exist, and these are valid JSON Schemas', () => {
    const references = JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g);
    for (const [, reference = ''] of references) {
      const [kind = '', name = ''] = reference.replace('#/components/', '').split('/');
      expect(Object.keys((document.components as unknown as Record<string, object>)[kind] ?? {})).toContain(
        name,
      );
    }
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'posthorn', components: document.components });
    for (const name of Object.keys(document.components.schemas)) {
      expect(ajv.getSchema(`posthorn#/components/schemas/${name}`)).toBeDefined();
    }
  });

  it('asks for a bearer key everywhere but where none is needed', () => {
    const open = operations().filter(({ operation }) => operation.security?.length === 0);
    expect(open.map(({ route }) => route).sort()).toEqual([
      'GET /v1/health/live',
      'GET /v1/health/ready',
      'POST /v1/echo/{name}',
      'POST /v1/session/exchange',
    ]);
    expect(document.components.securitySchemes).toEqual({
      key: { type: 'http', scheme: 'bearer', description: expect.any(String) },
    });
    expect(document.servers[0]?.url).toBe('/');
  });

  it('names the scope that each operation needs, as the guard asks for it', () => {
    for (const { route, operation } of operations().filter(({ operation }) => operation.security?.length)) {
      const { scope } = ACCESS_MATRIX[route.replaceAll(/\{(\w+)\}/g, ':$1')] ?? {};
      expect([route, operation.security, operation['x-scope']]).toEqual([route, [{ key: [scope] }], scope]);
    }
  });

  it('tells the headers of answers', () => {
    const publish = operations().find(({ route }) => route === 'POST /v1/events')?.operation;
    if (publish === undefined) throw new Error('no operation publishes');
    const headersOf = (status: string) => Object.keys(responseOf(publish, status).headers ?? {}).sort();
    const everywhere = ['RateLimit', 'RateLimit-Policy', 'X-Request-Id'];
    expect(headersOf('202')).toEqual(['Idempotent-Replayed', ...everywhere]);
    expect(headersOf('429')).toEqual(['RateLimit', 'RateLimit-Policy', 'Retry-After', 'X-Request-Id']);
    expect(headersOf('401')).toEqual(['WWW-Authenticate', 'X-Request-Id']);
  });

  it('closes no answer against members to come, and leaves free objects open', () => {
    const { Event, Problem, NewEvent } = document.components.schemas as Record<string, JsonSchema>;
    expect([Event, Problem].map((schema) => schema?.additionalProperties)).toEqual([undefined, undefined]);
    expect(NewEvent?.additionalProperties).toBe(false);
    expect(NewEvent?.properties?.data).toMatchObject({ type: 'object', additionalProperties: true });
    for (const schema of allSchemas()) {
      for (const name of schema.required ?? []) expect(Object.keys(schema.properties ?? {})).toContain(name);
    }
  });

  it('shows examples that its own schemas accept', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'posthorn', components: document.components });
    const shown = allSchemas().flatMap((schema) =>
      (schema.examples ?? []).map((example) => ({ schema, example })),
    );
    expect(shown.length).toBeGreaterThan(10);
    for (const { schema, example } of shown) {
      const text = JSON.stringify(schema).replaceAll('"#/components/', '"posthorn#/components/');
      const validate = ajv.compile(JSON.parse(text));
      expect({ example, isValid: validate(example), faults: validate.errors }).toMatchObject({
        isValid: true,
      });
    }
  });

  it('lists the codes of errors and of problems', () => {
    const { ErrorCode, ProblemCode } = document.components.schemas as Record<string, JsonSchema>;
    expect(ErrorCode?.anyOf?.[0]?.enum).toEqual(Object.keys(TRANSPORT_ERROR_ADVICE));
    expect(ProblemCode?.anyOf?.[0]?.enum).toEqual(PROBLEM_CODES);
  });
});

interface JsonSchema {
  readonly type?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, object>>;
  readonly additionalProperties?: unknown;
  readonly examples?: readonly unknown[];
}

/** Every object of the document that may be a schema, examples left out. */
function allSchemas(value: unknown = document): readonly JsonSchema[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.entries(value).flatMap(([name, member]) =>
    ['examples', 'example', 'default', 'enum', 'const'].includes(name) ? [] : allSchemas(member),
  );
  const isSchema = 'type' in value && typeof value.type !== 'object';
  return isSchema ? [value as JsonSchema, ...below] : below;
}

function responseOf(operation: Operation, status: string): Response {
  const response = operation.responses[status];
  if (response === undefined) throw new Error(`no answer ${status}`);
  if (!('$ref' in response)) return response;
  const shared = document.components.responses[response.$ref.replace('#/components/responses/', '')];
  if (shared === undefined) throw new Error(`nothing is at ${response.$ref}`);
  return shared;
}

function typesOf(status: number, { isStream }: { readonly isStream: boolean }): readonly string[] {
  if (status === 204) return [];
  if (status >= 400) return ['application/problem+json'];
  return [isStream ? 'text/event-stream' : 'application/json'];
}

function operations(): { readonly route: string; readonly operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );
}
