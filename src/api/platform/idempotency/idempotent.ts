import { applyDecorators, UseInterceptors } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { IdempotencyInterceptor } from './idempotency.interceptor.ts';
import { documentedKey } from './idempotency-key.ts';

/**
 * Has a route that creates something honour `Idempotency-Key`. It stands below `Audited`, so that a repeated request is
 * not noted as another change.
 */
export function Idempotent(): MethodDecorator {
  return applyDecorators(
    ApiHeader(
      documentedKey(
        'For 24 hours the same key with the same request gives the first answer (and ' +
          '`Idempotent-Replayed: true`); with another request 422, while the first is under way 409.',
      ),
    ),
    UseInterceptors(IdempotencyInterceptor),
  );
}
