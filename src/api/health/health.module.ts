import { Module } from '@nestjs/common';
import { NetworkSuspicions } from '../../storage/operator/network-suspicions.ts';
import { MasterKeyHolders } from '../../storage/sealed/master-key-holders.ts';
import { HistoryDays } from '../../storage/upkeep/history-days.ts';
import { provideStore } from '../dependencies.ts';
import { HealthController } from './health.controller.ts';

/** Liveness and readiness. */
@Module({
  controllers: [HealthController],
  providers: [provideStore(NetworkSuspicions), provideStore(MasterKeyHolders), provideStore(HistoryDays)],
})
export class HealthModule {}
