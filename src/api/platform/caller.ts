import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

/** Who is calling: the operator, who may do everything, or a customer with one of its keys. */
export type Caller =
  | { readonly kind: 'operator' }
  | { readonly kind: 'customer'; readonly customerId: string; readonly keyId: string };

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
export const PUBLIC_ROUTE = 'posthorn:public';
export const OPERATOR_ROUTE = 'posthorn:operator';

/** Marks a route or controller that needs no key. */
export const Public = (): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(PUBLIC_ROUTE, true), ApiExtension(PUBLIC_EXTENSION, true));

/** Marks a route or controller that only the operator's key may use; a customer's key gets 403. */
export const OperatorOnly = (): MethodDecorator & ClassDecorator => SetMetadata(OPERATOR_ROUTE, true);

/** Whether the caller may see what belongs to this customer (null belongs to the operator). */
export function maySee(caller: Caller, customerId: string | null): boolean {
  return caller.kind === 'operator' || caller.customerId === customerId;
}

/**
 * The customer a list is restricted to: a customer's key to its own, the operator's to the one asked for, if any.
 * @throws Problem 403 where a customer asks for another's
 */
export function customerScope(caller: Caller, asked: string | undefined): string | undefined {
  if (caller.kind === 'operator') return asked;
  if (asked !== undefined && asked !== caller.customerId) throw foreignCustomer(asked, caller.customerId);
  return caller.customerId;
}

/** 403 for a customer's key that names another customer. */
export function foreignCustomer(asked: string | null, own: string): Problem {
  const message = `This key belongs to customer ${JSON.stringify(own)}; it cannot act for ${JSON.stringify(asked)}. Leave customer_id out.`;
  return new Problem(403, 'customer_mismatch', {
    detail: message,
    errors: [{ pointer: '/customer_id', code: 'customer_mismatch', message }],
  });
}
