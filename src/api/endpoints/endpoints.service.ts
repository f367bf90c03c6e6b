import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../../config.ts';
import type { Endpoint } from '../../domain/endpoint.ts';
import { DEFAULT_ENDPOINT_RULES } from '../../domain/endpoint-rules.ts';
import type { WireChoices } from '../../domain/wire-choices.ts';
import { newId } from '../../new-id.ts';
import { generateSecret } from '../../signature/secret.ts';
import { EndpointSecrets } from '../../storage/endpoints/endpoint-secrets.ts';
import { EndpointStore } from '../../storage/endpoints/endpoint-store.ts';
import { EndpointRemoval } from '../../storage/gates/endpoint-removal.ts';
import { EndpointSwitch } from '../../storage/gates/endpoint-switch.ts';
import { GateRuns } from '../../temporal/gate-runs.ts';
import { RunSignals } from '../deliveries/run-signals.ts';
import { CONFIG } from '../dependencies.ts';
import { type Caller, maySee } from '../platform/access/caller.ts';
import { invalidInput, notFound } from '../platform/answers/problem.ts';
import { limitReached } from '../platform/limits/limit-reached.ts';
import { OneAtATime } from '../platform/limits/one-at-a-time.ts';
import { EndpointInputs } from './endpoint-inputs.ts';
import { EndpointOwnershipService } from './ownership/endpoint-ownership.service.ts';
import { unsignable } from './settings/secret-field.ts';

/** A new endpoint with its secret in clear, and what people may not have meant. */
export interface CreatedEndpoint {
  readonly endpoint: Endpoint;
  readonly secret: string;
  readonly warnings: readonly string[];
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
    this.#maxEndpoints = config.limits.maxEndpointsPerCustomer;
  }

  /** Creates an endpoint, and tells its secret in clear. @throws Problem 403, 422 */
  async create(body: unknown, caller: Caller): Promise<CreatedEndpoint> {
    const { secret: ownSecret, ...settings } = await this.#inputs.readNew(body, caller);
    const secret = ownSecret ?? generateSecret();
    const isUnverified = this.#ownership.isAsked;
    const { customerId } = settings;
    const endpoint = await this.#creating.run(customerId ?? '', async () => {
      if ((await this.#store.countOf(customerId)) >= this.#maxEndpoints) {
        throw limitReached('endpoint', this.#maxEndpoints);
      }
      return await this.#store.create({ id: newId('ep'), ...settings, secret, isUnverified });
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

  /** Changes the settings a body names. Deliveries under way use them from their next attempt on, held ones too. @throws Problem 404, 422 */
  async change(id: string, { body, caller }: { body: unknown; caller: Caller }): Promise<Endpoint> {
    const endpoint = await this.read(id, caller);
    const changes = await this.#inputs.readChanges(body, endpoint);
    if (changes.wire !== undefined) await this.#requireSecretsFor(id, changes.wire);
    const changed = await this.#store.update(id, changes, { verifiesUrls: this.#ownership.isAsked });
    if (changed === null) throw notFound('endpoint');
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

function warningsOf(twinId: string | null): readonly string[] {
  if (twinId === null) return [];
  return [`The endpoint ${twinId} has the same URL: what both subscribe to comes there twice.`];
}
