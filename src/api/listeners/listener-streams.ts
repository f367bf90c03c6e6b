import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Endpoint } from '../../domain/endpoint.ts';
import type { Logger } from '../../logger.ts';
import { ListenerStore } from '../../storage/listeners/listener-store.ts';
import { RelayStore } from '../../storage/listeners/relay-store.ts';
import { LOGGER } from '../dependencies.ts';
import { notFound } from '../platform/answers/problem.ts';
import type { EventStream } from '../platform/streams/event-stream.ts';
import { showMissed, showRequest } from './listeners.dto.ts';
import { ListenersService } from './listeners.service.ts';

/** Between two looks for requests: what a person at a desk does not notice. */
const LOOK_FOR_REQUESTS_MS = 75;
const RENEW_EVERY_MS = 3_000;

interface Listening {
  readonly endpointId: string;
  /** Names this stream among those that the listener has had. */
  readonly token: string;
  readonly stream: EventStream;
}

/** Hands requests to those who listen, as long as their streams last. */
@Injectable()
export class ListenerStreams {
  readonly #service: ListenersService;
  readonly #listeners: ListenerStore;
  readonly #relays: RelayStore;
  readonly #logger: Logger;

  constructor(
    service: ListenersService,
    listeners: ListenerStore,
    relays: RelayStore,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#service = service;
    this.#listeners = listeners;
    this.#relays = relays;
    this.#logger = logger;
  }

  /** Gives the listener to a stream; another that had it ends. @throws Problem 404 where it is gone */
  async begin(endpoint: Endpoint, stream: EventStream): Promise<void> {
    const listening = { endpointId: endpoint.id, token: randomUUID(), stream };
    if (!(await this.#listeners.attach(endpoint.id, listening.token))) throw notFound('listener');
    await this.#service.resume(endpoint);
    const hasMissed = await this.#tellMissed(listening);
    void this.#handOut(listening, { hasMissed });
  }

  /** Again until a stream has lasted for a while: what is sent into one that breaks at once is heard by nobody. */
  async #tellMissed({ endpointId, stream }: Listening): Promise<boolean> {
    const missed = await this.#service.countMissed(endpointId);
    if (missed !== null) stream.send({ event: 'missed', data: showMissed(missed) });
    return missed !== null;
  }

  async #handOut(listening: Listening, { hasMissed }: { readonly hasMissed: boolean }): Promise<void> {
    const { endpointId, token, stream } = listening;
    const beganAt = performance.now();
    let renewedAt = Number.NEGATIVE_INFINITY;
    while (!stream.over.aborted) {
      try {
        if (performance.now() - renewedAt > RENEW_EVERY_MS) {
          renewedAt = performance.now();
          await this.#renew(listening);
          if (hasMissed && renewedAt - beganAt > RENEW_EVERY_MS)
            await this.#listeners.forgetFormer(endpointId);
        }
        const requests = await this.#relays.take(endpointId, token);
        for (const request of requests) stream.send({ event: 'request', data: showRequest(request) });
      } catch (error) {
        this.#logger.debug({ error: String(error) }, 'requests for a listener could not be looked for');
      }
      await sleep(LOOK_FOR_REQUESTS_MS);
    }
    await this.#end(listening);
  }

  /** What somebody else held meanwhile because nobody seemed to listen goes on. */
  async #renew({ endpointId, token, stream }: Listening): Promise<void> {
    const standing = await this.#listeners.renew(endpointId, token);
    if (standing !== null) return await this.#service.resume({ id: endpointId, ...standing });
    const detail = 'Another stream has this listener now, or it was removed.';
    stream.send({ event: 'closed', data: { code: 'listener_taken', detail } });
    stream.end();
  }

  async #end({ endpointId, token }: Listening): Promise<void> {
    try {
      if (await this.#listeners.detach(endpointId, token)) await this.#service.pause(endpointId);
    } catch (error) {
      this.#logger.debug({ error: String(error) }, 'the end of a stream is left to others to notice');
    }
  }
}
