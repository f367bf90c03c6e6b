import { Global, Module } from '@nestjs/common';
import { ApiKeyLookup } from '../../storage/access/api-key-lookup.ts';
import { ApiKeyStore } from '../../storage/access/api-key-store.ts';
import { provideStore } from '../dependencies.ts';
import { ApiKeysController } from './api-keys.controller.ts';
import { ApiKeysService } from './api-keys.service.ts';

/** API keys; global, since the guard of every route looks them up. */
@Global()
@Module({
  controllers: [ApiKeysController],
  providers: [provideStore(ApiKeyStore), provideStore(ApiKeyLookup), ApiKeysService],
  exports: [ApiKeyLookup],
})
export class ApiKeysModule {}
