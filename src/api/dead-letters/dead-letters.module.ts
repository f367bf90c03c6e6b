import { Module } from '@nestjs/common';
import { DeliveriesModule } from '../deliveries/deliveries.module.ts';
import { ReplaysModule } from '../replays/replays.module.ts';
import { DeadLettersController } from './dead-letters.controller.ts';

/** What ended undelivered: listing, retrying by filter, discarding. */
@Module({ imports: [DeliveriesModule, ReplaysModule], controllers: [DeadLettersController] })
export class DeadLettersModule {}
