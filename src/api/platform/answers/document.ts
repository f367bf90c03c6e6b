import { applyDecorators, Header } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { type Ending, endingDescriptions, endingHeaders } from './ending.ts';
import { problemCode } from './named-schemas.ts';
import { type HeaderName, headerReferences } from './response-headers.ts';

/** What the error statuses of routes mean, for the OpenAPI document. */
export const ERROR_MEANINGS: Readonly<Record<number, string>> = {
  400: 'The body is not valid JSON, or the request not valid HTTP.',
  401: 'The key is missing, unknown, revoked or expired.',
  403: 'This key lacks the scope, may not come from this address, or may not do that for this customer.',
  404: 'There is no such thing, or it belongs to another customer.',
  409: 'The state of the thing does not allow it.',
  413: 'The body, or the data of an event, is too large.',
  415: 'The body is not application/json.',
  422: 'Members or parameters are wrong; `errors` names each.',
  429: 'The quota of the key or of its customer is used up; go on after `Retry-After` seconds.',
  503: 'Postgres is away or busy; repeat after `Retry-After` seconds.',
};

const faultView = z
  .object({
    detail: z.string(),
    pointer: z
      .string()
      .optional()
      .meta({ description: 'Of a fault of the body: a JSON pointer into it.', examples: ['#/data/amount'] }),
    parameter: z
      .string()
      .optional()
      .meta({ description: 'Of a fault of the query or a header: its name.', examples: ['after'] }),
    code: problemCode,
  })
  .meta({ id: 'Fault' });

/** Every error answer, as the OpenAPI document shows it. */
export const problemView = z
  .object({
    type: z.string().meta({ description: 'A page of this instance that explains the code.' }),
    title: z.string().meta({ description: 'That of the code.' }),
    status: z.int(),
    detail: z.string().meta({ description: 'What happened this time, for people.' }),
    code: problemCode,
    errors: z.array(faultView),
    request_id: z.string(),
  })
  .meta({
    id: 'Problem',
    examples: [
      {
        type: '/docs/problems/required',
        title: 'A member or parameter is missing',
        status: 422,
        detail: 'This member is required.',
        code: 'required',
        errors: [{ detail: 'This member is required.', pointer: '#/event', code: 'required' }],
        request_id: 'c4c3d64c-34c2-417e-b71e-7e7a7df5a36f',
      },
    ],
  });

/** A schema that documents a body which the handler checks itself: it lets every JSON value pass. */
export interface UncheckedSchema {
  readonly documents: z.ZodType;
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: 'posthorn';
    readonly validate: (value: unknown) => { readonly value: unknown };
  };
}

/** Documents a body without checking it: `@Body({ schema: unchecked(newEvent) }) body: unknown`. */
export function unchecked(schema: z.ZodType): UncheckedSchema {
  return {
    documents: schema,
    '~standard': { version: 1, vendor: 'posthorn', validate: (value) => ({ value }) },
  };
}

/** Whether a schema only documents. */
export function isUncheckedSchema(schema: unknown): schema is UncheckedSchema {
  return typeof schema === 'object' && schema !== null && 'documents' in schema;
}

export interface RouteDocument {
  /** Noun and verb: the name of the operation in generated clients, which must outlive classes and methods. */
  readonly operation: string;
  readonly summary: string;
  readonly description?: string;
  /** Status of success; 200 where absent. */
  readonly status?: number;
  /** Schema of the answer; none for an empty one. */
  readonly answer?: z.ZodType;
  /** Headers of success beside those that every answer has. */
  readonly headers?: readonly HeaderName[];
  /** What success means. */
  readonly success?: string;
  /**
   * Error statuses beyond 401, 403 and 503, which every route with a key has, and 413, which every one with a body has.
   */
  readonly errors?: readonly number[];
  /** There where the route is to go: it is marked so, and every answer of it says when. */
  readonly ending?: Ending;
}

/** Documents a route in OpenAPI: what it does, its answer and its error answers. */
export function Documented(route: RouteDocument): MethodDecorator {
  const {
    operation: operationId,
    summary,
    description,
    status = 200,
    answer,
    success = summary,
    headers = [],
    errors = [],
    ending,
  } = route;
  const takesBody = errors.includes(415);
  return applyDecorators(
    ApiOperation({
      operationId,
      summary,
      ...(description === undefined ? {} : { description }),
      ...(ending === undefined ? {} : { deprecated: true }),
    }),
    ...Object.entries(endingHeaders(ending)).map(([name, value]) => Header(name, value)),
    ApiResponse({
      status,
      description: success,
      headers: { ...headerReferences(headers), ...endingDescriptions(ending) } as never,
      ...(answer === undefined ? {} : { standardSchema: answer }),
    }),
    ...[...new Set([...errors, ...(takesBody ? [413] : [])])].map((code) =>
      problemResponse(code, ERROR_MEANINGS[code] ?? 'Refused.'),
    ),
  );
}

/** A problem+json answer of this status. */
export function problemResponse(status: number, description: string): MethodDecorator & ClassDecorator {
  return ApiResponse({ status, description, content: problemContent() });
}

/** The content of every error answer. */
export function problemContent() {
  return { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
}
