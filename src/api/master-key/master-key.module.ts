import { Module } from '@nestjs/common';
import type { Database } from '../../storage/postgres/database.ts';
import { MasterKeyHolders } from '../../storage/sealed/master-key-holders.ts';
import { MasterKeyRotation } from '../../storage/sealed/master-key-rotation.ts';
import { SecretBox } from '../../storage/sealed/secret-box.ts';
import { DATABASE, provideStore } from '../dependencies.ts';
import { MasterKeyController } from './master-key.controller.ts';
import { MasterKeyService } from './master-key.service.ts';

const rotation = {
  provide: MasterKeyRotation,
  inject: [DATABASE, SecretBox],
  useFactory: (database: Database, secretBox: SecretBox) => new MasterKeyRotation(database, secretBox),
};

/** Replacing the master key. */
@Module({
  controllers: [MasterKeyController],
  providers: [rotation, provideStore(MasterKeyHolders), MasterKeyService],
})
export class MasterKeyModule {}
