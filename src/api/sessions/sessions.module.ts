import { Module } from '@nestjs/common';
import { SessionController } from './session.controller.ts';
import { SessionsController } from './sessions.controller.ts';
import { SessionsService } from './sessions.service.ts';

/** Sessions of browsers: begun by a key or a link, ended by themselves or by the operator. */
@Module({
  controllers: [SessionController, SessionsController],
  providers: [SessionsService],
  exports: [SessionsService],
})
export class SessionsModule {}
