import { Injectable } from '@nestjs/common';
import { SECRET_LIMITS } from '../../../domain/endpoint.ts';
import { DomainError } from '../../../domain/errors.ts';
import { generateSecret } from '../../../signature/secret.ts';
import {
  EndpointSecrets,
  type LiveSecret,
  type ReadableSecret,
} from '../../../storage/endpoints/endpoint-secrets.ts';
import type { Caller } from '../../platform/access/caller.ts';
import { invalidInput, invalidMember, notFound } from '../../platform/answers/problem.ts';
import { EndpointsService } from '../endpoints.service.ts';
import { secretProblems } from '../settings/secret-field.ts';
import type { RevocationBody, RotationBody } from './endpoint-secret.dto.ts';

/**
 * Rotates, promotes, revokes and shows signing secrets on behalf of a caller. What is answered holds from the next
 * claim on.
 */
@Injectable()
export class EndpointSecretsService {
  readonly #endpoints: EndpointsService;
  readonly #store: EndpointSecrets;

  constructor(endpoints: EndpointsService, store: EndpointSecrets) {
    this.#endpoints = endpoints;
    this.#store = store;
  }

  /**
   * @throws Problem 404; 422 for a secret the endpoint has already, or that cannot sign what it sends; DomainError
   * `conflict` where too many are live
   */
  async rotate(
    id: string,
    { body, caller }: { readonly body: RotationBody; readonly caller: Caller },
  ): Promise<{ readonly secret: string; readonly live: readonly LiveSecret[] }> {
    const { wire } = await this.#endpoints.read(id, caller);
    const problems = secretProblems(body.secret, wire);
    if (problems.length > 0) throw invalidInput(problems);
    const {
      secret = generateSecret(),
      overlap_seconds: overlapSeconds = SECRET_LIMITS.overlapSeconds.initial,
    } = body;
    const result = await this.#store.rotate(id, { secret, overlapSeconds });
    switch (result.kind) {
      case 'rotated':
        return { secret, live: result.live };
      case 'in_use':
        throw invalidMember('/secret', 'secret_in_use', 'The endpoint has this secret already.');
      case 'too_many':
        throw tooManySecrets();
      case 'missing':
        throw notFound('endpoint');
    }
  }

  /** Makes the newest secret the primary one. @throws Problem 404 */
  async promote(id: string, caller: Caller): Promise<readonly LiveSecret[]> {
    await this.#endpoints.read(id, caller);
    const live = await this.#store.promote(id);
    if (live === null) throw notFound('endpoint');
    return live;
  }

  /** @throws Problem 404; 422 for a number that no secret ever had; DomainError `conflict` where none would be left */
  async revoke(
    id: string,
    { body, caller }: { readonly body: RevocationBody; readonly caller: Caller },
  ): Promise<readonly LiveSecret[]> {
    await this.#endpoints.read(id, caller);
    const { numbers = null } = body;
    const result = await this.#store.revoke(id, numbers);
    switch (result.kind) {
      case 'revoked':
        return result.live;
      case 'unknown':
        throw unknownNumber(result.number, numbers ?? []);
      case 'last':
        throw lastSecret(id);
      case 'missing':
        throw notFound('endpoint');
    }
  }

  /** The live secrets in clear, the primary one first. @throws Problem 404 */
  async read(id: string, caller: Caller): Promise<readonly ReadableSecret[]> {
    await this.#endpoints.read(id, caller);
    const live = await this.#store.read(id);
    if (live.length === 0) throw notFound('endpoint');
    return live;
  }
}

function tooManySecrets(): DomainError {
  const message =
    `The endpoint has ${SECRET_LIMITS.live.max} live secrets, which is the most: revoke old ones, or ` +
    `rotate with overlap_seconds 0.`;
  return new DomainError('conflict', 'too_many_secrets', { message });
}

function unknownNumber(number: number, numbers: readonly number[]): Error {
  const message = `The endpoint never had a secret ${number}; see GET /v1/endpoints/{id}/secret.`;
  return invalidMember(`/numbers/${numbers.indexOf(number)}`, 'unknown_secret', message);
}

function lastSecret(id: string): DomainError {
  const message =
    `No secret would be left; POST /v1/endpoints/${id}/secret/rotate with ` +
    `overlap_seconds 0 replaces all.`;
  return new DomainError('conflict', 'last_secret', { message });
}
