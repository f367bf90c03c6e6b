import { Inject, Injectable, type OnModuleDestroy, StreamableFile } from '@nestjs/common';
import type { Logger } from '../../../logger.ts';
import { LOGGER } from '../../dependencies.ts';
import type { CalledRequest, Caller } from '../access/caller.ts';
import { Identification } from '../access/identification.ts';
import { Problem } from '../answers/problem.ts';
import { EVENT_STREAM, EventStream } from './event-stream.ts';

/** Of one key, or session, in this process. */
const MAX_OF_ONE = 5;
const MAX_IN_ALL = 200;
const BEAT_MS = 15_000;
/** Keys are looked at again with every so manieth beat. */
const BEATS_A_LOOK = 2;
const RETRY_AFTER = { 'Retry-After': '5' };

/** The streams that this process has open: bounded, kept alive, and ended with the key that they were opened with. */
@Injectable()
export class OpenStreams implements OnModuleDestroy {
  readonly #identification: Identification;
  readonly #logger: Logger;
  readonly #streams = new Map<EventStream, string>();
  #isClosing = false;

  constructor(identification: Identification, @Inject(LOGGER) logger: Logger) {
    this.#identification = identification;
    this.#logger = logger;
  }

  /** Opens a stream for whoever asks. @throws Problem 429 where they have, or all together have, as many as may be */
  open(request: CalledRequest): EventStream {
    const owner = ownerOf(request.caller);
    const owned = [...this.#streams.values()].filter((one) => one === owner).length;
    if (owned >= MAX_OF_ONE) throw tooMany(`This key has ${owned} streams open, and no more may be.`);
    if (this.#streams.size >= MAX_IN_ALL)
      throw tooMany('As many streams are open as this process may have; try again later.');
    const stream = new EventStream();
    this.#streams.set(stream, owner);
    const beating = this.#keepAlive(stream, request);
    stream.over.addEventListener('abort', () => {
      clearInterval(beating);
      this.#streams.delete(stream);
    });
    // Headers go out with the first byte.
    stream.beat();
    // Nothing is read of an answer to HEAD, and nothing is begun that is ended at once.
    if (request.method === 'HEAD' || this.#isClosing) stream.end();
    return stream;
  }

  onModuleDestroy(): void {
    this.#isClosing = true;
    for (const stream of this.#streams.keys()) stream.end();
  }

  #keepAlive(stream: EventStream, request: CalledRequest): NodeJS.Timeout {
    let beats = 0;
    return setInterval(() => {
      stream.beat();
      beats += 1;
      if (beats % BEATS_A_LOOK === 0) void this.#lookAtKey(stream, request);
    }, BEAT_MS);
  }

  /** While nobody can say, as while Postgres is away, it goes on. */
  async #lookAtKey(stream: EventStream, request: CalledRequest): Promise<void> {
    try {
      const caller = await this.#identification.identify(request, false);
      if (canAll(caller, request.caller)) return;
      stream.send({ event: 'closed', data: { code: 'scope_missing', detail: 'This key may do less now.' } });
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500) {
        this.#logger.debug({ error: String(error) }, 'the key of a stream could not be looked at');
        return;
      }
      stream.send({ event: 'closed', data: { code: error.code, detail: error.message } });
    }
    stream.end();
  }
}

/** The answer that a stream is. */
export function streamAnswer(stream: EventStream): StreamableFile {
  return new StreamableFile(stream, { type: EVENT_STREAM });
}

function ownerOf(caller: Caller | undefined): string {
  return caller?.session?.id ?? caller?.keyId ?? caller?.kind ?? '';
}

function canAll(now: Caller, before: Caller | undefined): boolean {
  return (
    ownerOf(now) === ownerOf(before) && (before?.scopes ?? []).every((scope) => now.scopes.includes(scope))
  );
}

function tooMany(detail: string): Problem {
  return new Problem(429, 'too_many_streams', { detail, headers: RETRY_AFTER });
}
