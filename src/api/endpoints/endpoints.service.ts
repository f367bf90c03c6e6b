import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../../config.ts';
import type { Endpoint, EndpointSettings, EndpointStatus } from '../../domain/endpoint.ts';
import { DEFAULT_ENDPOINT_RULES } from '../../domain/endpoint-rules.ts';
import { DomainError } from '../../domain/errors.ts';
import type { WireChoices } from '../../domain/wire-choices.ts';
import { newId } from '../../new-id.ts';
import { generateSecret } from '../../signature/secret.ts';
import { EndpointSecrets } from '../../storage/endpoints/endpoint-secrets.ts';
import { EndpointStore, uidTaken } from '../../storage/endpoints/endpoint-store.ts';
import { EndpointRemoval } from '../../storage/gates/endpoint-removal.ts';
import { EndpointSwitch } from '../../storage/gates/endpoint-switch.ts';
import { GateRuns } from '../../temporal/gate-runs.ts';
import { RunSignals } from '../deliveries/run-signals.ts';
import { CONFIG } from '../dependencies.ts';
import { type Caller, maySee } from '../platform/access/caller.ts';
import { KnownCustomers } from '../platform/access/known-customers.ts';
import { invalidInput, invalidMember, notFound } from '../platform/answers/problem.ts';
import { isPlainObject } from '../platform/input/json-object.ts';
import { limitReached } from '../platform/limits/limit-reached.ts';
import { OneAtATime } from '../platform/limits/one-at-a-time.ts';
import { EndpointInputs, type NewEndpointInput } from './endpoint-inputs.ts';
import { EndpointOwnershipService } from './ownership/endpoint-ownership.service.ts';
import { unsignable } from './settings/secret-field.ts';

/** A new endpoint with its secret in clear, and what people may not have meant. */
export interface CreatedEndpoint {
  readonly endpoint: Endpoint;
  readonly secret: string;
  readonly warnings: readonly string[];
}

/** Whose endpoint is meant, by which id of theirs. */
export interface OwnName {
  readonly customerId: string;
  readonly uid: string;
  readonly caller: Caller;
  /**
   * Whether it comes from another sender, where nobody knows of secrets that were rotated here since; no where absent.
   */
  readonly isImport?: boolean;
  /** Whether a new one is disabled until somebody enables it; no where absent. */
  readonly isDisabled?: boolean;
}

/** An endpoint that was created, with its secret, or changed. */
export interface PutEndpoint {
  readonly endpoint: Endpoint;
  readonly secret: string | null;
  readonly warnings: readonly string[];
  readonly outcome: 'created' | 'updated' | 'unchanged';
}

/** Creates, reads and changes endpoints on behalf of a caller. What the caller may not see is not found. */
@Injectable()
export class EndpointsService {
  readonly #store: EndpointStore;
  readonly #secrets: EndpointSecrets;
  readonly #endpointSwitch: EndpointSwitch;
  readonly #removal: EndpointRemoval;
  readonly #gateRuns: GateRuns;
  readonly #inputs: EndpointInputs;
  readonly #signals: RunSignals;
  readonly #ownership: EndpointOwnershipService;
  readonly #customers: KnownCustomers;
  readonly #maxEndpoints: number;
  readonly #creating = new OneAtATime();

  constructor(
    store: EndpointStore,
    secrets: EndpointSecrets,
    endpointSwitch: EndpointSwitch,
    removal: EndpointRemoval,
    gateRuns: GateRuns,
    inputs: EndpointInputs,
    signals: RunSignals,
    ownership: EndpointOwnershipService,
    customers: KnownCustomers,
    @Inject(CONFIG) config: Config,
  ) {
    this.#store = store;
    this.#secrets = secrets;
    this.#endpointSwitch = endpointSwitch;
    this.#removal = removal;
    this.#gateRuns = gateRuns;
    this.#inputs = inputs;
    this.#signals = signals;
    this.#ownership = ownership;
    this.#customers = customers;
    this.#maxEndpoints = config.limits.maxEndpointsPerCustomer;
  }

  /**
   * Creates an endpoint, and tells its secret in clear.
   * @throws Problem 403, 422; DomainError `conflict` where its uid is taken
   */
  async create(body: unknown, caller: Caller): Promise<CreatedEndpoint> {
    return await this.#create(await this.#inputs.readNew(body, caller));
  }

  /**
   * Checks all that `create` does, and keeps nothing.
   * @returns what people may not have meant; throws as `create` does
   */
  async rehearse(body: unknown, caller: Caller): Promise<readonly string[]> {
    const { customerId, uid, url } = await this.#inputs.readNew(body, caller);
    await this.requireRoom(customerId);
    if (uid !== null && (await this.#store.findByUid(customerId, uid)) !== null) throw uidTaken();
    return warningsOf(await this.#store.twinOf({ id: '', customerId, url }));
  }

  /**
   * Creates a customer's endpoint of this uid, or makes the one that there is what the body says, members left out at
   * their defaults; `secret` is null then. Safe to repeat.
   * @throws Problem 404, 422; DomainError `conflict` for another secret
   */
  async put(body: unknown, name: OwnName): Promise<PutEndpoint> {
    const { input, settings, existing } = await this.#readPut(body, name);
    if (existing === null) return { ...(await this.#create(input, name)), outcome: 'created' };
    if (name.isImport !== true) await this.#requireLive(existing.id, input.secret);
    const endpoint = await this.#update(existing, settings);
    return { endpoint, secret: null, warnings: [], outcome: outcomeOf(existing, endpoint) };
  }

  /** What `put` would do, of which nothing is kept. Throws as `put` does. */
  async rehearsePut(
    body: unknown,
    name: OwnName,
  ): Promise<Pick<PutEndpoint, 'outcome'> & { id: string | null }> {
    const { settings, existing } = await this.#readPut(body, name);
    if (existing === null) {
      await this.requireRoom(name.customerId);
      return { outcome: 'created', id: null };
    }
    const changed = await this.#store.update(existing.id, settings, { isRehearsal: true });
    if (changed === null) throw notFound('endpoint');
    return { outcome: outcomeOf(existing, changed), id: existing.id };
  }

  async #readPut(body: unknown, { customerId, uid, caller }: OwnName) {
    if (!maySee(caller, customerId)) throw notFound('customer');
    const input = await this.#inputs.readNew(named(body, { customerId, uid }), caller);
    const { secret: _, signingKey: __, uid: ___, customerId: ____, ...settings } = input;
    return { input, settings, existing: await this.#store.findByUid(customerId, uid) };
  }

  /** @throws Problem 422 where the customer has as many endpoints as it may */
  async requireRoom(customerId: string | null): Promise<void> {
    const most = (await this.#customers.limitsOf(customerId)).maxEndpoints ?? this.#maxEndpoints;
    if ((await this.#store.countOf(customerId)) >= most) throw limitReached('endpoint', most);
  }

  async #create(
    input: NewEndpointInput,
    { isDisabled = false }: Pick<OwnName, 'isDisabled'> = {},
  ): Promise<CreatedEndpoint> {
    const { secret: ownSecret, ...settings } = input;
    const secret = ownSecret ?? generateSecret();
    const isUnverified = this.#ownership.isAsked;
    const { customerId } = settings;
    if (customerId !== null) await this.#customers.admits(customerId);
    const endpoint = await this.#creating.run(customerId ?? '', async () => {
      await this.requireRoom(customerId);
      return await this.#store.create({ id: newId('ep'), ...settings, secret, isUnverified, isDisabled });
    });
    // A secret that only the answer tells has to be where the receiver is before the first request.
    if (ownSecret === undefined) this.#ownership.beginSoon(endpoint);
    else await this.#ownership.begin(endpoint);
    return { endpoint, secret, warnings: warningsOf(await this.#store.twinOf(endpoint)) };
  }

  /** @throws Problem 404 */
  async read(id: string, caller: Caller): Promise<Endpoint> {
    const endpoint = await this.#store.read(id);
    if (endpoint === null || !maySee(caller, endpoint.customerId)) throw notFound('endpoint');
    return endpoint;
  }

  /** The ids of a customer's endpoints of one status. @throws Problem 404 where the caller may not see them */
  async idsOf(
    customerId: string,
    { caller, status }: { readonly caller: Caller; readonly status: EndpointStatus },
  ): Promise<readonly string[]> {
    if (!maySee(caller, customerId)) throw notFound('customer');
    return await this.#store.idsOf(customerId, status);
  }

  /**
   * Changes the settings a body names. Deliveries under way use them from their next attempt on, held ones too.
   * @throws Problem 404, 422
   */
  async change(id: string, { body, caller }: { body: unknown; caller: Caller }): Promise<Endpoint> {
    const endpoint = await this.read(id, caller);
    const changes = await this.#inputs.readChanges(body, endpoint);
    return await this.#update(endpoint, changes);
  }

  async #update(endpoint: Endpoint, changes: Partial<EndpointSettings>): Promise<Endpoint> {
    const { id } = endpoint;
    if (changes.wire !== undefined) await this.#requireSecretsFor(id, changes.wire);
    const changed = await this.#store.update(id, changes, { verifiesUrls: this.#ownership.isAsked });
    if (changed === null) throw notFound('endpoint');
    if (changed.updatedAt.getTime() === endpoint.updatedAt.getTime()) return changed;
    if (Object.keys(changes).some((name) => name in DEFAULT_ENDPOINT_RULES)) {
      await this.#endpointSwitch.settle(id);
      await this.#gateRuns.wake(id);
    }
    if (changed.url === endpoint.url) return changed;
    await this.#ownership.begin(changed);
    if (endpoint.breakerState !== 'open') return changed;
    await this.#endpointSwitch.probe(id);
    await this.#gateRuns.wake(id);
    return (await this.#store.read(id)) ?? changed;
  }

  /**
   * @throws DomainError `conflict` where a secret is none of the live ones: whoever sends the old one must not lose the
   *   new one
   */
  async #requireLive(id: string, secret: string | undefined): Promise<void> {
    if (secret === undefined) return;
    const live = await this.#secrets.read(id);
    if (live.some((one) => one.secret === secret)) return;
    const message = `The endpoint ${id} has another secret; leave it out, or rotate that of the endpoint.`;
    throw new DomainError('conflict', 'endpoint_secret_differs', { message });
  }

  /** @throws Problem 422 where the endpoint has no secret that makes one of the signatures */
  async #requireSecretsFor(id: string, wire: WireChoices): Promise<void> {
    const live = await this.#secrets.read(id);
    const problems = unsignable(
      live.map(({ secret }) => secret),
      wire,
    );
    if (problems.length > 0) throw invalidInput(problems);
  }

  /** Deletes an endpoint and cancels what was still to be delivered to it. @throws Problem 404 */
  async remove(id: string, caller: Caller): Promise<void> {
    await this.read(id, caller);
    this.#signals.cancelAll(await this.#removal.remove(id));
  }
}

function outcomeOf(before: Endpoint, after: Endpoint): 'updated' | 'unchanged' {
  return before.updatedAt.getTime() === after.updatedAt.getTime() ? 'unchanged' : 'updated';
}

function warningsOf(twinId: string | null): readonly string[] {
  if (twinId === null) return [];
  return [`The endpoint ${twinId} has the same URL: what both subscribe to comes there twice.`];
}

/** The body with what the path says; what the body says otherwise of it is refused. @throws Problem 422 */
function named(body: unknown, { customerId, uid }: Pick<OwnName, 'customerId' | 'uid'>): unknown {
  if (!isPlainObject(body)) return body;
  const path = { customer_id: customerId, uid };
  for (const [member, value] of Object.entries(path)) {
    if ((body[member] ?? value) !== value)
      throw invalidMember(`/${member}`, 'read_only', `The path says ${member}; leave it out.`);
  }
  return { ...body, ...path };
}
