import { Module } from '@nestjs/common';
import { MasterKeyHolders } from '../../storage/sealed/master-key-holders.ts';
import { NowStore } from '../../storage/stats/now-store.ts';
import { SeriesStore } from '../../storage/stats/series-store.ts';
import { StatsStore } from '../../storage/stats/stats-store.ts';
import { HistoryDays } from '../../storage/upkeep/history-days.ts';
import { provideStore } from '../dependencies.ts';
import { SeriesService } from './series.service.ts';
import { StatsController } from './stats.controller.ts';
import { StatsService } from './stats.service.ts';

/** Success rates, latencies and errors; counts over time and at this moment. */
@Module({
  controllers: [StatsController],
  providers: [
    provideStore(StatsStore),
    provideStore(SeriesStore),
    provideStore(NowStore),
    provideStore(MasterKeyHolders),
    provideStore(HistoryDays),
    StatsService,
    SeriesService,
  ],
  exports: [StatsService],
})
export class StatsModule {}
