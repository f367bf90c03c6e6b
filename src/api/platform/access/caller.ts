import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { ApiKeyScope } from '../../../domain/api-key.ts';
import type { FoundSession } from '../../../storage/access/session-store.ts';
import { Problem } from '../answers/problem.ts';

interface CallerFacts {
  /** Null for the operator's key of the configuration; of a portal, the id of its link. */
  readonly keyId: string | null;
  readonly scopes: readonly ApiKeyScope[];
  /** Where the request came from; null where a trusted proxy told nothing readable. */
  readonly address: string | null;
  /** Whom a trusted proxy names, where nobody showed a key. */
  readonly person?: string;
  /** The session that was shown instead of a key. */
  readonly session?: CallerSession;
}

/** What a caller's browser shows instead of a key. */
export type CallerSession = Pick<FoundSession, 'id' | 'kind' | 'look' | 'expiresAt'>;

/** Who is calling: the operator, or a customer with one of its keys; within the scopes of the key. */
export type Caller =
  | (CallerFacts & { readonly kind: 'operator' })
  | (CallerFacts & { readonly kind: 'customer'; readonly customerId: string; readonly keyId: string });

/** A request on which the guard has noted the caller. */
export interface CalledRequest extends FastifyRequest {
  caller?: Caller;
}

/** Hands a handler its `Caller`; the guard has put it on the request. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<CalledRequest>();
  if (caller === undefined) throw new Error('a public route has no caller');
  return caller;
});

/** Marks public operations while the OpenAPI document is made. */
export const PUBLIC_EXTENSION = 'x-public';
/** Names the scope of an operation in the OpenAPI document. */
export const SCOPE_EXTENSION = 'x-scope';
export const PUBLIC_ROUTE = 'posthorn:public';
export const SCOPE_OF_ROUTE = 'posthorn:scope';
/** The metadata of a route that pages of other origins may call with a session, since it changes nothing. */
export const FOREIGN_PAGES = 'posthorn:foreign-pages';

/** Marks a route or controller that needs no key. */
export const Public = (): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(PUBLIC_ROUTE, true), ApiExtension(PUBLIC_EXTENSION, true));

/**
 * Lets pages of other origins call a route with a session: it changes nothing, and CORS decides who reads the answer.
 */
export const TakesForeignPages = (): MethodDecorator & ClassDecorator => SetMetadata(FOREIGN_PAGES, true);

/** Names the scope that a key needs for a route or controller; without it `scopeOfMethod` decides. */
export const NeedsScope = (scope: ApiKeyScope): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(SCOPE_OF_ROUTE, scope), ApiExtension(SCOPE_EXTENSION, scope));

/**
 * Marks a route or controller that only an operator's key with the scope `operate` may use; a customer's key gets 403.
 */
export const OperatorOnly = (): MethodDecorator & ClassDecorator => NeedsScope('operate');

/**
 * The scope of a route that names none: `view` for what only reads; what changes something must name one, and is the
 * operator's until then.
 */
export function scopeOfMethod(method: string): ApiKeyScope {
  return ['GET', 'HEAD'].includes(method.toUpperCase()) ? 'view' : 'operate';
}

/** Whether the caller may see what belongs to this customer (null belongs to the operator). */
export function maySee(caller: Caller, customerId: string | null): boolean {
  return caller.kind === 'operator' || caller.customerId === customerId;
}

/** What customers may see of who did something; which key of the operator's, the audit log tells. */
export function actorName(caller: Caller): string {
  return caller.kind === 'operator' ? 'operator' : caller.keyId;
}

/**
 * The customer a list is restricted to: a customer's key to its own, the operator's to the one asked for, if any.
 * @throws Problem 403 where a customer asks for another's
 */
export function customerScope(
  caller: Caller,
  asked: string | undefined,
  askedIn: keyof typeof CUSTOMER_IN = 'query',
): string | undefined {
  if (caller.kind === 'operator') return asked;
  if (asked === undefined || asked === caller.customerId) return caller.customerId;
  throw foreignCustomer(asked, { own: caller.customerId, askedIn });
}

/** Where requests name a customer. */
const CUSTOMER_IN = {
  query: { parameter: 'customer_id' },
  body: { pointer: '/customer_id' },
  filter: { pointer: '/filter/customer_id' },
} as const;

/** 403 for a customer's key that names another customer. */
export function foreignCustomer(
  asked: string | null,
  { own, askedIn }: { readonly own: string; readonly askedIn: keyof typeof CUSTOMER_IN },
): Problem {
  const message =
    `This key belongs to customer ${JSON.stringify(own)}; it cannot act for ` +
    `${JSON.stringify(asked)}. Leave customer_id out.`;
  return new Problem(403, 'customer_mismatch', {
    detail: message,
    errors: [{ ...CUSTOMER_IN[askedIn], code: 'customer_mismatch', message }],
  });
}
