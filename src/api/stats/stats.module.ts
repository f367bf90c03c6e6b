import { Module } from '@nestjs/common';
import { StatsStore } from '../../storage/stats/stats-store.ts';
import { provideStore } from '../dependencies.ts';
import { StatsController } from './stats.controller.ts';
import { StatsService } from './stats.service.ts';

/** Success rates, latencies and errors. */
@Module({
  controllers: [StatsController],
  providers: [provideStore(StatsStore), StatsService],
  exports: [StatsService],
})
export class StatsModule {}
