import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ApiKeyStore } from '../../storage/access/api-key-store.ts';
import { Caller, OperatorOnly } from '../platform/access/caller.ts';
import { Documented } from '../platform/answers/document.ts';
import { Pager } from '../platform/answers/paging.ts';
import { Audited } from '../platform/audit/audited.ts';
import { Idempotent } from '../platform/idempotency/idempotent.ts';
import { idInPath } from '../platform/input/fields.ts';
import {
  type ApiKeyQuery,
  apiKeyList,
  apiKeyQuery,
  apiKeyView,
  createdApiKeyView,
  type KeyRotation,
  keyRotation,
  type NewApiKeyInput,
  newApiKey,
  showApiKey,
} from './api-keys.dto.ts';
import { ApiKeysService, type ShownApiKey } from './api-keys.service.ts';

type CreatedAnswer = z.output<typeof createdApiKeyView>;

/** API keys: created, listed, rotated and revoked by the operator. */
@ApiTags('API keys')
@OperatorOnly()
@Controller('v1/api-keys')
export class ApiKeysController {
  readonly #service: ApiKeysService;
  readonly #store: ApiKeyStore;
  readonly #pager: Pager;

  constructor(service: ApiKeysService, store: ApiKeyStore, pager: Pager) {
    this.#service = service;
    this.#store = store;
    this.#pager = pager;
  }

  @Post()
  @Audited('api_key.create')
  @Idempotent()
  @Documented({
    operation: 'api_keys_create',
    summary: 'Create an API key',
    description: 'For the operator. The answer is the only one that shows the key.',
    status: 201,
    answer: createdApiKeyView,
    headers: ['Idempotent-Replayed'],
    errors: [400, 403, 409, 415, 422],
  })
  async create(@Body({ schema: newApiKey }) body: NewApiKeyInput): Promise<CreatedAnswer> {
    return showWithText(await this.#service.create(body));
  }

  @Get()
  @Documented({
    operation: 'api_keys_list',
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
    operation: 'api_keys_get',
    summary: 'Read an API key',
    description: 'For the operator.',
    answer: apiKeyView,
    errors: [403, 404],
  })
  async read(@Param('id', idInPath('key')) id: string): Promise<z.output<typeof apiKeyView>> {
    return showApiKey(await this.#service.read(id));
  }

  @Post(':id/rotate')
  @Audited('api_key.rotate')
  @Idempotent()
  @HttpCode(200)
  @Documented({
    operation: 'api_keys_rotate',
    summary: 'Give an API key a new text',
    description:
      'For the operator. The new text works at once, and this answer is the only one that shows it; the ' +
      'old one works on for overlap_seconds. 409 where the key is revoked or has expired.',
    answer: createdApiKeyView,
    headers: ['Idempotent-Replayed'],
    errors: [400, 403, 404, 409, 415, 422],
  })
  async rotate(
    @Param('id', idInPath('key')) id: string,
    @Body({ schema: keyRotation }) body: KeyRotation,
  ): Promise<CreatedAnswer> {
    return showWithText(await this.#service.rotate(id, body.overlap_seconds));
  }

  @Delete(':id')
  @Audited('api_key.revoke')
  @HttpCode(204)
  @Documented({
    operation: 'api_keys_revoke',
    summary: 'Revoke an API key',
    description:
      'For the operator. From the next request on the key is refused, by ' +
      'every API, also in an overlap; it stays in the list.',
    status: 204,
    errors: [403, 404],
  })
  async revoke(@Param('id', idInPath('key')) id: string): Promise<void> {
    await this.#service.revoke(id);
  }
}

function showWithText({ stored, text }: ShownApiKey): CreatedAnswer {
  return { ...showApiKey(stored), key: text };
}
