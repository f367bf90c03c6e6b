import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { AuditInterceptor } from './audit.interceptor.ts';
import { AUDIT_RULE, type AuditOptions, type AuditRule } from './audit-rule.ts';

/** Names the action that an operation is audited as, in the OpenAPI document. */
export const AUDIT_EXTENSION = 'x-audit-action';
/**
 * Notes every success of a route in the audit log, as `endpoint.create` or the like. The subject is the `:id` or
 * `:name` of the path, else the id or name of the answer; a bulk action's `count` or `total` is how much it affected.
 */
export function Audited(action: string, options: AuditOptions = {}): MethodDecorator {
  const rule: AuditRule = { action, ...options };
  return applyDecorators(
    SetMetadata(AUDIT_RULE, rule),
    ApiExtension(AUDIT_EXTENSION, action),
    UseInterceptors(AuditInterceptor),
  );
}

/** Says why a route that is not a mere reading needs no entry in the audit log. */
export function NotAudited(reason: string): MethodDecorator & ClassDecorator {
  return SetMetadata(AUDIT_RULE, { reason } satisfies AuditRule);
}
