import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { mergeMap, type Observable } from 'rxjs';
import type { Logger } from '../../../logger.ts';
import { newId } from '../../../new-id.ts';
import { AuditStore, type NewAuditEntry } from '../../../storage/access/audit-store.ts';
import { LOGGER } from '../../dependencies.ts';
import type { CalledRequest } from '../access/caller.ts';
import { JsonBody } from '../http/json-body.ts';
import { isPlainObject } from '../input/json-object.ts';
import { AUDIT_RULE, type AuditRule } from './audit-rule.ts';

const MAX_NAMES = 100;

/**
 * Writes the audit entry of a request that succeeded, before it is answered.
 * @throws what the store throws where a reading needs one
 */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  readonly #reflector: Reflector;
  readonly #store: AuditStore;
  readonly #logger: Logger;

  constructor(reflector: Reflector, store: AuditStore, @Inject(LOGGER) logger: Logger) {
    this.#reflector = reflector;
    this.#store = store;
    this.#logger = logger;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const rule = this.#reflector.get<AuditRule>(AUDIT_RULE, context.getHandler());
    const request = context.switchToHttp().getRequest<CalledRequest>();
    return next.handle().pipe(
      mergeMap(async (answer: unknown) => {
        if ('action' in rule) await this.#note(rule, request, answer);
        return answer;
      }),
    );
  }

  async #note(
    { action, unless, isNeeded = false, keepsReason = false }: Extract<AuditRule, { action: string }>,
    request: CalledRequest,
    answer: unknown,
  ): Promise<void> {
    const body = request.body instanceof JsonBody ? await request.body.valueIfRead() : undefined;
    if (unless?.(body, answer) === true) return;
    const entry = entryOf({ action, keepsReason, request, body, answer });
    await this.#store.insert(entry).catch((error: unknown) => {
      if (isNeeded) throw error;
      // The change is done, and an error would tell the client otherwise: the log has the entry instead.
      this.#logger.error({ ...entry, error: String(error) }, 'an audit entry could not be written');
    });
  }
}

interface AuditedCall {
  readonly action: string;
  readonly keepsReason: boolean;
  readonly request: CalledRequest;
  readonly body: unknown;
  readonly answer: unknown;
}

function entryOf({ action, keepsReason, request, body, answer }: AuditedCall): NewAuditEntry {
  const { caller } = request;
  if (caller === undefined) throw new Error('a public route is not audited');
  const { id, name } = request.params as { readonly id?: string; readonly name?: string };
  const given = isPlainObject(body) ? body : {};
  const answered = isPlainObject(answer) ? answer : {};
  const count = answered.count ?? answered.total;
  return {
    id: newId('aud'),
    action,
    subjectId: id ?? name ?? textOf(answered.id) ?? textOf(answered.name),
    customerId: caller.kind === 'customer' ? caller.customerId : customerIn(given),
    actor: caller.kind,
    keyId: caller.keyId,
    person: caller.person ?? null,
    address: caller.address,
    requestId: request.id,
    reason: keepsReason ? textOf(given.reason) : null,
    changed: Object.keys(given).slice(0, MAX_NAMES),
    affected: typeof count === 'number' ? count : null,
  };
}

/** Whom a body names, or the filter in it. */
function customerIn({ customer_id: own, filter }: Readonly<Record<string, unknown>>): string | null {
  return textOf(own) ?? (isPlainObject(filter) ? textOf(filter.customer_id) : null);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
