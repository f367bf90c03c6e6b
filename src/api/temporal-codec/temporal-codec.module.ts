import { Module } from '@nestjs/common';
import { CodecSessionController } from './codec-session.controller.ts';
import { TemporalCodecController } from './temporal-codec.controller.ts';
import { TemporalCodecService } from './temporal-codec.service.ts';

/** Shows encrypted payloads to operators who use the tools of Temporal. */
@Module({
  controllers: [TemporalCodecController, CodecSessionController],
  providers: [TemporalCodecService],
})
export class TemporalCodecModule {}
