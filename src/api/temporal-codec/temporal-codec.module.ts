import { Module } from '@nestjs/common';
import { TemporalCodecController } from './temporal-codec.controller.ts';
import { TemporalCodecService } from './temporal-codec.service.ts';

/** Shows encrypted payloads to operators who use the tools of Temporal. */
@Module({
  controllers: [TemporalCodecController],
  providers: [TemporalCodecService],
})
export class TemporalCodecModule {}
