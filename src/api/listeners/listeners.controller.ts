import {
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  Param,
  Post,
  Put,
  Req,
  type StreamableFile,
} from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { RelayStore } from '../../storage/listeners/relay-store.ts';
import { type CalledRequest, Caller, NeedsScope } from '../platform/access/caller.ts';
import { Documented } from '../platform/answers/document.ts';
import { notFound } from '../platform/answers/problem.ts';
import { Audited, NotAudited } from '../platform/audit/audited.ts';
import { idInPath, ownIdInPath } from '../platform/input/fields.ts';
import { EVENT_STREAM } from '../platform/streams/event-stream.ts';
import { OpenStreams, streamAnswer } from '../platform/streams/open-streams.ts';
import { ListenerStreams } from './listener-streams.ts';
import {
  type ListenerAnswer,
  type ListenerBody,
  listenerAnswer,
  listenerBody,
  type RelayedAnswer,
  relayedAnswer,
  relayedRequest,
  toAnswer,
} from './listeners.dto.ts';
import { ListenersService } from './listeners.service.ts';

/** Endpoints without an address: their requests go to whoever listens, such as `posthorn listen`. */
@ApiTags('listeners')
@Controller('v1/listeners')
@NeedsScope('manage_endpoints')
export class ListenersController {
  readonly #service: ListenersService;
  readonly #streams: OpenStreams;
  readonly #listening: ListenerStreams;
  readonly #relays: RelayStore;

  constructor(
    service: ListenersService,
    streams: OpenStreams,
    listening: ListenerStreams,
    relays: RelayStore,
  ) {
    this.#service = service;
    this.#streams = streams;
    this.#listening = listening;
    this.#relays = relays;
  }

  @Put(':name')
  @Audited('listener.put')
  @Documented({
    operation: 'listeners_put',
    summary: 'Make a listener, or go on with the one of this name',
    description:
      'Its endpoint has no address, no breaker and no dead letters: what fails is tried again ' +
      'for as long as somebody listens. What comes while nobody does is held. It is removed 15 ' +
      'minutes after the last stream ended, or by `DELETE /v1/endpoints/{id}`.',
    answer: listenerAnswer,
    errors: [400, 403, 404, 409, 415, 422],
  })
  async put(
    @Param('name', ownIdInPath('name')) name: string,
    @Body({ schema: listenerBody }) body: ListenerBody,
    @Caller() caller: Caller,
  ): Promise<ListenerAnswer> {
    return await this.#service.put(name, { body, caller });
  }

  @Get(':id/stream')
  @Header('X-Accel-Buffering', 'no')
  @ApiProduces(EVENT_STREAM)
  @Documented({
    operation: 'listeners_stream',
    summary: 'Take the requests of a listener as they are signed',
    description:
      'Server-sent events, as `GET /v1/deliveries/stream` has them: a message `request` is to be ' +
      'answered by `POST …/answers` within its `timeout_ms`. What was taken and not answered when a ' +
      'stream ends is handed to the next. A listener has one stream; another takes its place. Where the ' +
      'listener of this name before it was removed because nobody listened, a message `missed` says ' +
      'first how many events went by since (`count`, more where `capped`), from `after` to `before`.',
    answer: relayedRequest,
    errors: [404],
  })
  async listen(
    @Param('id', idInPath('ep')) id: string,
    @Caller() caller: Caller,
    @Req() request: CalledRequest,
  ): Promise<StreamableFile> {
    const endpoint = await this.#service.read(id, caller);
    const stream = this.#streams.open(request);
    try {
      if (!stream.over.aborted) await this.#listening.begin(endpoint, stream);
    } catch (error) {
      stream.destroy();
      throw error;
    }
    return streamAnswer(stream);
  }

  @Post(':id/answers')
  @NotAudited('It tells what came of a delivery, which the delivery shows.')
  @HttpCode(204)
  @Documented({
    operation: 'listeners_answer',
    summary: 'Tell what a request of a listener was answered',
    description: 'It counts as the answer of the endpoint. 404 where none is waited for any more.',
    status: 204,
    errors: [400, 404, 415, 422],
  })
  async answer(
    @Param('id', idInPath('ep')) id: string,
    @Body({ schema: relayedAnswer }) body: RelayedAnswer,
    @Caller() caller: Caller,
  ): Promise<void> {
    await this.#service.read(id, caller);
    if (!(await this.#relays.answer(body.id, id, toAnswer(body)))) throw notFound('request');
  }
}
