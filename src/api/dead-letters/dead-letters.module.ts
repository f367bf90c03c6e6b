import { Module } from '@nestjs/common';
import { DeadLetters } from '../../storage/replays/dead-letters.ts';
import { DeliveriesModule } from '../deliveries/deliveries.module.ts';
import { provideStore } from '../dependencies.ts';
import { FindingModule } from '../finding/finding.module.ts';
import { ReplaysModule } from '../replays/replays.module.ts';
import { DeadLettersController } from './dead-letters.controller.ts';

/** What ended undelivered: listing, retrying by filter, discarding. */
@Module({
  imports: [DeliveriesModule, ReplaysModule, FindingModule],
  controllers: [DeadLettersController],
  providers: [provideStore(DeadLetters)],
})
export class DeadLettersModule {}
