import { Module } from '@nestjs/common';
import { ReplayStore } from '../../storage/replays/replay-store.ts';
import { provideStore } from '../dependencies.ts';
import { ReplaysController } from './replays.controller.ts';
import { ReplaysService } from './replays.service.ts';

/** What is sent once more in bulk: beginning it, its progress, cancelling. */
@Module({
  controllers: [ReplaysController],
  providers: [provideStore(ReplayStore), ReplaysService],
  exports: [ReplaysService],
})
export class ReplaysModule {}
