import { Controller, Get, Header, Headers, Query, Req, type StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiProduces, ApiTags } from '@nestjs/swagger';
import { type FeedOutcome, type FeedPosition, OutcomeFeed } from '../../../storage/stats/outcome-feed.ts';
import { type CalledRequest, Caller, customerScope } from '../../platform/access/caller.ts';
import { Documented } from '../../platform/answers/document.ts';
import { Problem } from '../../platform/answers/problem.ts';
import { EVENT_STREAM, type EventStream, type StreamMessage } from '../../platform/streams/event-stream.ts';
import { OpenStreams, streamAnswer } from '../../platform/streams/open-streams.ts';
import { OutcomeHub } from './outcome-hub.ts';
import {
  eventIdOf,
  isWanted,
  outcomeAnswer,
  placeOf,
  type StreamQuery,
  showOutcome,
  streamQuery,
} from './stream.dto.ts';

const DESCRIPTION = `Server-sent events, in the order in which they were committed, as long as the connection lasts; a \
comment every 15 seconds otherwise.
A message \`outcome\` is an attempt, or an end without one; tests are left out. Whoever comes back with \
the header \`Last-Event-ID\` gets what came meanwhile, from whichever replica.
What happened is kept for an hour: where that id is older, a message \`missed\` says from when to when nothing \
can be told (\`after\`, \`before\`), which \`GET /v1/deliveries\` still lists.
A message \`closed\` says why we end it: the key is looked at again every 30 seconds. Who reads too slowly is cut. \
A key may have five streams open.`;

/** What happens to deliveries, told as it happens. */
@ApiTags('deliveries')
@Controller('v1/deliveries/stream')
export class DeliveryStreamController {
  readonly #streams: OpenStreams;
  readonly #hub: OutcomeHub;
  readonly #feed: OutcomeFeed;

  constructor(streams: OpenStreams, hub: OutcomeHub, feed: OutcomeFeed) {
    this.#streams = streams;
    this.#hub = hub;
    this.#feed = feed;
  }

  @Get()
  @Header('X-Accel-Buffering', 'no')
  @ApiProduces(EVENT_STREAM)
  @ApiHeader({ name: 'Last-Event-ID', description: 'Id of the last message that arrived.', required: false })
  @Documented({
    operation: 'deliveries_stream',
    summary: 'Follow deliveries as they go on',
    description: DESCRIPTION,
    answer: outcomeAnswer,
    errors: [403, 422],
  })
  async follow(
    @Query({ schema: streamQuery }) query: StreamQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Caller() caller: Caller,
    @Req() request: CalledRequest,
  ): Promise<StreamableFile> {
    const isAsked = isWanted(query, customerScope(caller, query.customer_id));
    const last = lastEventId === undefined ? null : placeIn(lastEventId);
    const stream = this.#streams.open(request);
    try {
      const from = await this.#beginning(stream, last, query);
      const take = (outcomes: readonly FeedOutcome[]): void => {
        for (const outcome of outcomes.filter(isAsked)) stream.send(messageOf(outcome));
      };
      void this.#hub.follow({ take, over: stream.over }, from);
    } catch (error) {
      stream.destroy();
      throw error;
    }
    return streamAnswer(stream);
  }

  async #beginning(
    stream: EventStream,
    last: FeedPosition | null,
    { after }: StreamQuery,
  ): Promise<FeedPosition> {
    if (last === null) return after === undefined ? await this.#feed.head() : await this.#feed.oldest();
    if (await this.#feed.isKept(last)) return last;
    const oldest = await this.#feed.oldest();
    stream.send({
      event: 'missed',
      data: { after: new Date(last.atMs).toISOString(), before: new Date(oldest.atMs).toISOString() },
    });
    return oldest;
  }
}

function messageOf(outcome: FeedOutcome): StreamMessage {
  return { id: eventIdOf(outcome.position), event: 'outcome', data: showOutcome(outcome) };
}

function placeIn(lastEventId: string): FeedPosition {
  const place = placeOf(lastEventId);
  if (place !== null) return place;
  const message = 'Must be the id of a message of this stream.';
  throw new Problem(422, 'cursor_invalid', {
    detail: message,
    errors: [{ parameter: 'Last-Event-ID', code: 'cursor_invalid', message }],
  });
}
