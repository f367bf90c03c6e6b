import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../../config.ts';
import { defaultScopes } from '../../domain/api-key.ts';
import { DomainError } from '../../domain/errors.ts';
import { newId } from '../../new-id.ts';
import { hashKey, newKeyText } from '../../settings/api-key-text.ts';
import { ApiKeyStore, type StoredApiKey } from '../../storage/access/api-key-store.ts';
import { CONFIG } from '../dependencies.ts';
import { KnownCustomers } from '../platform/access/known-customers.ts';
import { invalidInput, invalidMember, notFound } from '../platform/answers/problem.ts';
import { limitReached } from '../platform/limits/limit-reached.ts';
import { OneAtATime } from '../platform/limits/one-at-a-time.ts';
import type { NewApiKeyInput } from './api-keys.dto.ts';

/** A key together with its text, which is known at this moment only. */
export interface ShownApiKey {
  readonly stored: StoredApiKey;
  readonly text: string;
}

/** Creates, rotates and revokes API keys. */
@Injectable()
export class ApiKeysService {
  readonly #store: ApiKeyStore;
  readonly #customers: KnownCustomers;
  readonly #maxKeys: number;
  readonly #creating = new OneAtATime();

  constructor(store: ApiKeyStore, customers: KnownCustomers, @Inject(CONFIG) config: Config) {
    this.#store = store;
    this.#customers = customers;
    this.#maxKeys = config.limits.maxKeysPerCustomer;
  }

  /**
   * @throws Problem 422 for `operate` on a customer's key, for an expiry that has passed, and where there are too many
   * keys
   */
  async create(input: NewApiKeyInput): Promise<ShownApiKey> {
    const { customer_id: customerId, name, expires_at: expiresAt, allowed_cidrs: allowedCidrs } = input;
    const scopes = [...new Set(input.scopes ?? defaultScopes(customerId))];
    if (customerId !== null && scopes.includes('operate')) {
      const message = "The scope operate is for operator's keys, whose customer_id is null.";
      throw invalidMember('/scopes', 'scope_not_allowed', message);
    }
    if (expiresAt !== null && expiresAt.getTime() <= Date.now()) {
      throw invalidMember('/expires_at', 'expires_at_past', 'expires_at must lie in the future.');
    }
    const problems = await this.#customers.problemsOf(customerId);
    if (problems.length > 0) throw invalidInput(problems);
    const most = (await this.#customers.limitsOf(customerId)).maxKeys ?? this.#maxKeys;
    const text = newKeyText();
    const key = { id: newId('key'), customerId, name, scopes, allowedCidrs, expiresAt };
    return await this.#creating.run(customerId ?? '', async () => {
      if ((await this.#store.countLive(customerId)) >= most) throw limitReached('key', most);
      return { stored: await this.#store.insert({ ...key, keyHash: hashKey(text) }), text };
    });
  }

  /** @throws Problem 404 */
  async read(id: string): Promise<StoredApiKey> {
    const key = await this.#store.find(id);
    if (key === null) throw notFound('API key');
    return key;
  }

  /**
   * Gives a key a new text; the old one works on for the overlap.
   * @throws Problem 404, DomainError `conflict` where the key is revoked or expired
   */
  async rotate(id: string, overlapSeconds: number): Promise<ShownApiKey> {
    const text = newKeyText();
    const stored = await this.#store.rotate(id, { keyHash: hashKey(text), overlapSeconds });
    if (stored !== null) return { stored, text };
    const { revokedAt } = await this.read(id);
    throw revokedAt === null
      ? new DomainError('conflict', 'key_expired', { message: 'This key has expired; create a new one.' })
      : new DomainError('conflict', 'key_revoked', { message: 'This key is revoked; create a new one.' });
  }

  /** Safe to repeat. @throws Problem 404 */
  async revoke(id: string): Promise<void> {
    if (!(await this.#store.revoke(id))) throw notFound('API key');
  }
}
