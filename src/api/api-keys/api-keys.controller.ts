import { randomBytes } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { newId } from '../../new-id.ts';
import { ApiKeyStore } from '../../storage/api-key-store.ts';
import { hashKey } from '../platform/auth.guard.ts';
import { Caller, OperatorOnly } from '../platform/caller.ts';
import { Documented } from '../platform/document.ts';
import { idInPath } from '../platform/fields.ts';
import { Pager } from '../platform/paging.ts';
import { notFound } from '../platform/problem.ts';
import {
  type ApiKeyQuery,
  apiKeyList,
  apiKeyQuery,
  apiKeyView,
  createdApiKeyView,
  type NewApiKey,
  newApiKey,
  showApiKey,
} from './api-keys.dto.ts';

const KEY_BYTES = 32;

/** API keys: created, listed and revoked by the operator. */
@ApiTags('API keys')
@OperatorOnly()
@Controller('v1/api-keys')
export class ApiKeysController {
  readonly #store: ApiKeyStore;
  readonly #pager: Pager;

  constructor(store: ApiKeyStore, pager: Pager) {
    this.#store = store;
    this.#pager = pager;
  }

  @Post()
  @Documented({
    summary: 'Create an API key',
    description: 'For the operator. The answer is the only one that shows the key.',
    status: 201,
    answer: createdApiKeyView,
    errors: [400, 403, 415, 422],
  })
  async create(@Body({ schema: newApiKey }) body: NewApiKey): Promise<z.output<typeof createdApiKeyView>> {
    const key = `phk_${randomBytes(KEY_BYTES).toString('base64url')}`;
    const stored = await this.#store.insert({
      id: newId('key'),
      customerId: body.customer_id,
      name: body.name,
      keyHash: hashKey(key),
    });
    return { ...showApiKey(stored), key };
  }

  @Get()
  @Documented({
    summary: 'List API keys',
    description:
      'For the operator: newest first, revoked ones included; the key of the configuration is not among them.',
    answer: apiKeyList,
    errors: [403, 422],
  })
  async list(
    @Query({ schema: apiKeyQuery }) query: ApiKeyQuery,
    @Caller() caller: Caller,
  ): Promise<z.output<typeof apiKeyList>> {
    const customerId = query.customer_id ?? null;
    const page = this.#pager.open({ list: 'api-keys', caller, filters: { customerId } }, query);
    return page.answer(await this.#store.list(customerId, page), showApiKey);
  }

  @Get(':id')
  @Documented({
    summary: 'Read an API key',
    description: 'For the operator.',
    answer: apiKeyView,
    errors: [403, 404],
  })
  async read(@Param('id', idInPath('key')) id: string): Promise<z.output<typeof apiKeyView>> {
    const key = await this.#store.find(id);
    if (key === null) throw notFound('API key');
    return showApiKey(key);
  }

  @Delete(':id')
  @HttpCode(204)
  @Documented({
    summary: 'Revoke an API key',
    description: 'For the operator. From the next request on the key is refused; it stays in the list.',
    status: 204,
    errors: [403, 404],
  })
  async revoke(@Param('id', idInPath('key')) id: string): Promise<void> {
    if (!(await this.#store.revoke(id))) throw notFound('API key');
  }
}
