import { Global, Module } from '@nestjs/common';
import { ApiKeyStore } from '../../storage/api-key-store.ts';
import { provideStore } from '../dependencies.ts';
import { ApiKeysController } from './api-keys.controller.ts';

/** API keys; global, since the guard of every route looks them up. */
@Global()
@Module({
  controllers: [ApiKeysController],
  providers: [provideStore(ApiKeyStore)],
  exports: [ApiKeyStore],
})
export class ApiKeysModule {}
