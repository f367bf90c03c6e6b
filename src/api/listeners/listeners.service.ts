import { Injectable } from '@nestjs/common';
import type { Endpoint } from '../../domain/endpoint.ts';
import { DomainError } from '../../domain/errors.ts';
import { isListenerUrl, LISTENER_ACTOR, listenerUrl } from '../../domain/listener.ts';
import { newId } from '../../new-id.ts';
import { generateSecret } from '../../signature/secret.ts';
import { EndpointSecrets } from '../../storage/endpoints/endpoint-secrets.ts';
import { EndpointStore } from '../../storage/endpoints/endpoint-store.ts';
import { EndpointSwitch } from '../../storage/gates/endpoint-switch.ts';
import { ListenerStore } from '../../storage/listeners/listener-store.ts';
import { MissedEventStore, type MissedEvents } from '../../storage/listeners/missed-events.ts';
import { DEFAULT_SETTINGS } from '../endpoints/endpoint-settings.ts';
import { EndpointsService } from '../endpoints/endpoints.service.ts';
import { EventTypeCatalogue } from '../event-types/event-type-catalogue.ts';
import { type Caller, foreignCustomer } from '../platform/access/caller.ts';
import { KnownCustomers } from '../platform/access/known-customers.ts';
import { invalidMember, notFound } from '../platform/answers/problem.ts';
import type { ListenerAnswer, ListenerBody } from './listeners.dto.ts';

/** Makes endpoints for those who listen; what such an endpoint gets is held until a stream takes it. */
@Injectable()
export class ListenersService {
  readonly #store: EndpointStore;
  readonly #secrets: EndpointSecrets;
  readonly #endpointSwitch: EndpointSwitch;
  readonly #endpoints: EndpointsService;
  readonly #listeners: ListenerStore;
  readonly #customers: KnownCustomers;
  readonly #missed: MissedEventStore;
  readonly #types: EventTypeCatalogue;

  constructor(
    store: EndpointStore,
    secrets: EndpointSecrets,
    endpointSwitch: EndpointSwitch,
    endpoints: EndpointsService,
    listeners: ListenerStore,
    customers: KnownCustomers,
    missed: MissedEventStore,
    types: EventTypeCatalogue,
  ) {
    this.#store = store;
    this.#secrets = secrets;
    this.#endpointSwitch = endpointSwitch;
    this.#endpoints = endpoints;
    this.#listeners = listeners;
    this.#customers = customers;
    this.#missed = missed;
    this.#types = types;
  }

  /**
   * Makes a listener of this name, or goes on with the one that there is. Safe to repeat.
   * @throws Problem 403, 422; DomainError `conflict`
   */
  async put(
    name: string,
    { body, caller }: { readonly body: ListenerBody; readonly caller: Caller },
  ): Promise<ListenerAnswer> {
    const customerId = customerOf(body, caller);
    const uid = `listen:${name}`;
    const existing = await this.#store.findByUid(customerId, uid);
    if (existing !== null && !isListenerUrl(existing.url)) throw nameTaken(existing);
    const settings = {
      events: body.events ?? DEFAULT_SETTINGS.events,
      timeoutMs: body.timeout_ms ?? DEFAULT_SETTINGS.timeoutMs,
    };
    const endpoint =
      existing === null
        ? await this.#create({ customerId, uid, settings })
        : ((await this.#store.update(existing.id, settings)) ?? existing);
    const follows = existing === null ? await this.#listeners.findSwept(customerId, uid) : null;
    const expiresAt = await this.#listeners.keep(endpoint.id, follows);
    const [primary] = await this.#secrets.read(endpoint.id);
    return {
      id: endpoint.id,
      customer_id: endpoint.customerId,
      events: [...endpoint.events],
      secret: primary?.secret ?? '',
      resumed: existing !== null,
      expires_at: expiresAt.toISOString(),
    };
  }

  /** The listener of this id. @throws Problem 404 where there is none, or the caller may not see it */
  async read(id: string, caller: Caller): Promise<Endpoint> {
    const endpoint = await this.#endpoints.read(id, caller);
    if (!isListenerUrl(endpoint.url)) throw notFound('listener');
    return endpoint;
  }

  /** What went by between the listener before this one and it; null where there was none, or that is told. */
  async countMissed(id: string): Promise<MissedEvents | null> {
    const optIn = new Set((await this.#types.list()).filter((type) => type.optIn).map(({ name }) => name));
    return await this.#missed.count(id, (event) => optIn.has(event));
  }

  /** Lets go what was held because nobody listened; what somebody paused by hand stays so. */
  async resume({ id, status, statusBy }: Pick<Endpoint, 'id' | 'status' | 'statusBy'>): Promise<void> {
    if (status === 'paused' && statusBy === LISTENER_ACTOR)
      await this.#endpointSwitch.resume(id, { by: LISTENER_ACTOR });
  }

  /** Holds what comes from now on. */
  async pause(id: string): Promise<void> {
    await this.#endpointSwitch.pause(id, { by: LISTENER_ACTOR, reason: 'Nobody listens.' });
  }

  /** Held from the first moment on: nobody listens yet. */
  async #create({
    customerId,
    uid,
    settings,
  }: {
    readonly customerId: string | null;
    readonly uid: string;
    readonly settings: Pick<Endpoint, 'events' | 'timeoutMs'>;
  }): Promise<Endpoint> {
    if (customerId !== null) await this.#customers.admits(customerId);
    await this.#endpoints.requireRoom(customerId);
    const id = newId('ep');
    const description = 'Somebody listens: posthorn listen';
    const endpoint = await this.#store.create({
      ...DEFAULT_SETTINGS,
      ...settings,
      id,
      customerId,
      uid,
      description,
      url: listenerUrl(id),
      secret: generateSecret(),
    });
    await this.pause(id);
    return endpoint;
  }
}

function customerOf({ customer_id: asked }: ListenerBody, caller: Caller): string | null {
  if (caller.kind === 'customer') {
    if (asked === undefined || asked === caller.customerId) return caller.customerId;
    throw foreignCustomer(asked, { own: caller.customerId, askedIn: 'body' });
  }
  if (asked !== undefined) return asked;
  const message = "Required with the operator's key; null listens to the events of all customers.";
  throw invalidMember('/customer_id', 'required', message);
}

function nameTaken({ id, uid }: Endpoint): DomainError {
  const message = `The endpoint ${id} has the uid ${uid}, and is no listener; take another name.`;
  return new DomainError('conflict', 'endpoint_uid_taken', { message });
}
