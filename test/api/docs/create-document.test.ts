import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { BUILT_IN_EVENT_TYPES } from '../../../src/domain/event-type.ts';
import { OPERATIONAL_EVENT_TYPES } from '../../../src/domain/operational-event.ts';
import { VERIFICATION_EVENT } from '../../../src/domain/ownership.ts';
import { batchDataText } from '../../../src/signature/batch-data.ts';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { golden } from '../../support/receivers/golden.ts';

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly unknown[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: object }>>;
}
interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly webhooks: Readonly<Record<string, { readonly post: Operation }>>;
  readonly components: {
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

/** The routes that api.md fixes, and the others of this version. */
const ROUTES = [
  'POST /v1/events',
  'POST /v1/events/batch',
  'GET /v1/events',
  'GET /v1/events/{id}',
  'POST /v1/events/{id}/cancel',
  'GET /v1/event-types',
  'POST /v1/event-types',
  'GET /v1/event-types/{name}',
  'PATCH /v1/event-types/{name}',
  'DELETE /v1/event-types/{name}',
  'POST /v1/endpoints',
  'GET /v1/endpoints',
  'GET /v1/endpoints/{id}',
  'PATCH /v1/endpoints/{id}',
  'DELETE /v1/endpoints/{id}',
  'POST /v1/endpoints/{id}/enable',
  'POST /v1/endpoints/{id}/disable',
  'POST /v1/endpoints/{id}/pause',
  'POST /v1/endpoints/{id}/resume',
  'POST /v1/endpoints/{id}/verify',
  'GET /v1/endpoints/{id}/verification',
  'POST /v1/endpoints/{id}/test',
  'GET /v1/endpoints/{id}/stats',
  'GET /v1/endpoints/{id}/secret',
  'POST /v1/endpoints/{id}/secret/rotate',
  'POST /v1/endpoints/{id}/secret/promote',
  'POST /v1/endpoints/{id}/secret/revoke',
  'GET /v1/master-key',
  'POST /v1/master-key/rotate',
  'GET /v1/deliveries',
  'GET /v1/deliveries/{id}',
  'POST /v1/deliveries/{id}/retry',
  'POST /v1/deliveries/{id}/cancel',
  'GET /v1/dead-letters',
  'POST /v1/dead-letters/retry',
  'POST /v1/dead-letters/discard',
  'POST /v1/endpoints/{id}/recover',
  'GET /v1/replays',
  'GET /v1/replays/{id}',
  'POST /v1/replays/{id}/cancel',
  'GET /v1/stats',
  'POST /v1/api-keys',
  'GET /v1/api-keys',
  'GET /v1/api-keys/{id}',
  'DELETE /v1/api-keys/{id}',
  'POST /v1/api-keys/{id}/rotate',
  'GET /v1/destination-rules',
  'PUT /v1/destination-rules',
  'GET /v1/egress',
  'GET /v1/audit',
  'POST /v1/temporal/codec/decode',
  'POST /v1/temporal/codec/encode',
  'POST /v1/temporal/codec/session',
  'DELETE /v1/temporal/codec/session',
  'POST /v1/tools/sign',
  'POST /v1/tools/verify',
  'POST /v1/echo/{name}',
  'GET /v1/echo/{name}',
  'DELETE /v1/echo/{name}',
  'GET /v1/health/live',
  'GET /v1/health/ready',
];
const BODILESS_POST = /\/(cancel|retry|enable|resume|secret\/promote|codec\/session|\{id\}\/verify)$/;

describe('createDocument', () => {
  it('is OpenAPI 3.1 with these routes and no other', () => {
    expect([document.openapi, document.info]).toEqual([
      '3.1.0',
      expect.objectContaining({ title: 'Posthorn' }),
    ]);
    const routes = operations().map(({ route }) => route);
    expect(routes.sort()).toEqual([...ROUTES].sort());
  });

  it('describes each operation, with a name of its own and a tag', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
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
      const types = Object.entries(operation.responses).map(([status, { content = {} }]) => [
        status,
        ...Object.keys(content),
      ]);
      const isReadiness = route === 'GET /v1/health/ready';
      const wanted = Object.keys(operation.responses).map((status) => [
        status,
        ...(isReadiness ? ['application/json'] : typesOf(Number(status))),
      ]);
      expect([route, types]).toEqual([route, wanted]);
      const isPublic = operation.security?.length === 0;
      expect([route, '401' in operation.responses]).toEqual([route, !isPublic]);
    }
  });

  it('refers only to schemas that exist, and these are valid JSON Schemas', () => {
    const references = JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g);
    for (const [, reference = ''] of references) {
      const name = reference.replace('#/components/schemas/', '');
      expect(Object.keys(document.components.schemas)).toContain(name);
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
      'DELETE /v1/temporal/codec/session',
      'GET /v1/health/live',
      'GET /v1/health/ready',
      'POST /v1/echo/{name}',
    ]);
    expect(document.components.securitySchemes).toEqual({
      key: expect.objectContaining({ type: 'http', scheme: 'bearer' }),
    });
  });

  it('shows receivers what they get of each built-in type, batches and challenges', () => {
    const types = [...BUILT_IN_EVENT_TYPES, ...OPERATIONAL_EVENT_TYPES].map((type) => type.name);
    expect(Object.keys(document.webhooks).sort()).toEqual([...types, 'batch', VERIFICATION_EVENT].sort());
    const body =
      document.webhooks['job.completed']?.post.requestBody?.content['application/json']?.schema ?? {};
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(body);
    expect(validate(JSON.parse(golden.text))).toBe(true);
    expect(validate({ ...JSON.parse(golden.text), attempt: 0 })).toBe(false);
    const headers = document.webhooks['job.completed']?.post.parameters?.map((one) => one.name) ?? [];
    expect(headers).toEqual(expect.arrayContaining(Object.keys(golden.headers)));
  });

  it.each([
    [VERIFICATION_EVENT, { challenge: 'abc' }, {}],
    [
      'batch',
      JSON.parse(
        batchDataText([
          { event: 'job.failed', createdAt: new Date(0), deliveryId: 'del_1', dataText: '{"a":1}' },
        ]),
      ),
      { count: 1 },
    ],
  ])('describes the data of %s', (name, data, incomplete) => {
    const { requestBody } = document.webhooks[name]?.post ?? {};
    const body = requestBody?.content['application/json']?.schema ?? {};
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(body);
    const sent = { ...JSON.parse(golden.text), event: name };
    expect([validate({ ...sent, data }), validate({ ...sent, data: incomplete })]).toEqual([true, false]);
  });

  it('says how a challenge is answered', () => {
    const { responses } = document.webhooks[VERIFICATION_EVENT]?.post ?? {};
    expect(responses?.['2XX']?.description).toContain('{"challenge":"…"}');
    expect(responses).not.toHaveProperty('410');
  });
});

describe('serveDocs', () => {
  it.each([
    ['/docs', 'text/html'],
    ['/docs/', 'text/html'],
    ['/docs/start.js', 'text/javascript'],
    ['/docs/swagger-ui.css', 'text/css'],
    ['/docs/swagger-ui-bundle.js', 'text/javascript'],
    ['/docs/favicon-32x32.png', 'image/png'],
  ])('serves %s from this machine', async (path, type) => {
    const answer = await fetch(api.url + path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining(type)]);
    const text = await answer.text();
    if (type === 'text/html') expect(text).not.toMatch(/https?:\/\//);
  });
});

function typesOf(status: number): readonly string[] {
  if (status === 204) return [];
  return [status >= 400 ? 'application/problem+json' : 'application/json'];
}

function operations(): { readonly route: string; readonly operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );
}
