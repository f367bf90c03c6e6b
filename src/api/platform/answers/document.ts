import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';

/** What the error statuses of routes mean, for the OpenAPI document. */
export const ERROR_MEANINGS: Readonly<Record<number, string>> = {
  400: 'The body is not valid JSON, or the request not valid HTTP.',
  403: 'This key lacks the scope, may not come from this address, or may not do that for this customer.',
  404: 'There is no such thing, or it belongs to another customer.',
  409: 'The state of the thing does not allow it.',
  413: 'The body, or the data of an event, is too large.',
  415: 'The body is not application/json.',
  422: 'Members or parameters are wrong; `errors` names each.',
};

/** Every error answer, as the OpenAPI document shows it. */
export const problemView = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().meta({ description: 'Stable; for programs.' }),
    errors: z.array(
      z.object({
        detail: z.string(),
        pointer: z.string().optional(),
        parameter: z.string().optional(),
        code: z.string(),
      }),
    ),
    request_id: z.string(),
  })
  .meta({ id: 'Problem' });

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
  readonly summary: string;
  readonly description?: string;
  /** Status of success; 200 where absent. */
  readonly status?: number;
  /** Schema of the answer; none for an empty one. */
  readonly answer?: z.ZodType;
  /** What success means. */
  readonly success?: string;
  /** Error statuses beyond 401, 403 and 503, which every route with a key has, and 413, which every one with a body has. */
  readonly errors?: readonly number[];
}

/** Documents a route in OpenAPI: what it does, its answer and its error answers. */
export function Documented(route: RouteDocument): MethodDecorator {
  const { summary, description, status = 200, answer, success = summary, errors = [] } = route;
  const takesBody = errors.includes(415);
  return applyDecorators(
    ApiOperation({ summary, ...(description === undefined ? {} : { description }) }),
    ApiResponse({
      status,
      description: success,
      ...(answer === undefined ? {} : { standardSchema: answer }),
    }),
    ...[...new Set([...errors, ...(takesBody ? [413] : [])])].map((code) =>
      problemResponse(code, ERROR_MEANINGS[code] ?? 'Refused.'),
    ),
  );
}

/** A problem+json answer of this status. */
export function problemResponse(status: number, description: string): MethodDecorator & ClassDecorator {
  const schema = { $ref: '#/components/schemas/Problem' };
  return ApiResponse({ status, description, content: { 'application/problem+json': { schema } } });
}
