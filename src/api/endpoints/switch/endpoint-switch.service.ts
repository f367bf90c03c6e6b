import { Injectable } from '@nestjs/common';
import type { Endpoint } from '../../../domain/endpoint.ts';
import { DomainError } from '../../../domain/errors.ts';
import { EndpointSwitch } from '../../../storage/gates/endpoint-switch.ts';
import type { StatusChange } from '../../../storage/gates/status-change.ts';
import { GateRuns } from '../../../temporal/gate-runs.ts';
import { actorName, type Caller } from '../../platform/access/caller.ts';
import { EndpointsService } from '../endpoints.service.ts';
import { EndpointOwnershipService } from '../ownership/endpoint-ownership.service.ts';
import { unverified } from '../ownership/unverified.ts';

/** Who switches an endpoint, and what for. */
export interface Switching {
  readonly caller: Caller;
  readonly reason: string | null;
  /** When a pause ends by itself. */
  readonly until?: Date;
}

/**
 * Pauses, resumes, enables and disables endpoints on behalf of a caller. What is asked for is in Postgres before the
 * gate's workflow is told, and the answer does not depend on that.
 */
@Injectable()
export class EndpointSwitchService {
  readonly #endpoints: EndpointsService;
  readonly #endpointSwitch: EndpointSwitch;
  readonly #gateRuns: GateRuns;
  readonly #ownership: EndpointOwnershipService;

  constructor(
    endpoints: EndpointsService,
    endpointSwitch: EndpointSwitch,
    gateRuns: GateRuns,
    ownership: EndpointOwnershipService,
  ) {
    this.#endpoints = endpoints;
    this.#endpointSwitch = endpointSwitch;
    this.#gateRuns = gateRuns;
    this.#ownership = ownership;
  }

  /**
   * An endpoint that is already paused keeps the time, actor and reason of the first pause; its end may change.
   * @throws Problem 404, DomainError `conflict` of a disabled one
   */
  async pause(id: string, { caller, ...why }: Switching): Promise<Endpoint> {
    requireNotDisabled(await this.#endpoints.read(id, caller));
    await this.#endpointSwitch.pause(id, { ...askedBy(caller), ...why });
    await this.#gateRuns.wake(id);
    return requireNotDisabled(await this.#endpoints.read(id, caller));
  }

  /**
   * Ends a pause, and lets an open breaker try at once.
   * @throws Problem 404, DomainError `conflict` of a disabled one
   */
  async resume(id: string, caller: Caller): Promise<Endpoint> {
    requireNotDisabled(await this.#endpoints.read(id, caller));
    await this.#endpointSwitch.resume(id, { ...askedBy(caller) });
    await this.#gateRuns.wake(id);
    return requireNotDisabled(await this.#endpoints.read(id, caller));
  }

  /** Pauses every enabled endpoint that a customer has now. @returns how many; @throws Problem 404 */
  async pauseAll(customerId: string, { caller, ...why }: Switching): Promise<number> {
    const ids = await this.#endpoints.idsOf(customerId, { caller, status: 'enabled' });
    for (const id of ids) await this.#endpointSwitch.pause(id, { ...askedBy(caller), ...why });
    await Promise.all(ids.map(async (id) => await this.#gateRuns.wake(id)));
    return ids.length;
  }

  /** Ends the pause of every endpoint of a customer. @returns how many; @throws Problem 404 */
  async resumeAll(customerId: string, caller: Caller): Promise<number> {
    const ids = await this.#endpoints.idsOf(customerId, { caller, status: 'paused' });
    for (const id of ids) await this.#endpointSwitch.resume(id, { ...askedBy(caller) });
    await Promise.all(ids.map(async (id) => await this.#gateRuns.wake(id)));
    return ids.length;
  }

  /** @throws Problem 404; 409 of an unverified one, unless an operator answers for it or nobody has to */
  async enable(id: string, caller: Caller): Promise<Endpoint> {
    await this.#endpoints.read(id, caller);
    const mayAnswerForIt = caller.kind === 'operator' && caller.scopes.includes('operate');
    const unverifiedToo = mayAnswerForIt || !this.#ownership.isAsked;
    if (!(await this.#endpointSwitch.enable(id, { ...askedBy(caller), unverifiedToo }))) throw unverified(id);
    await this.#gateRuns.wake(id);
    return this.#endpoints.read(id, caller);
  }

  /** @throws Problem 404 */
  async disable(id: string, { caller, reason }: Switching): Promise<Endpoint> {
    await this.#endpoints.read(id, caller);
    await this.#endpointSwitch.disable(id, 'by_hand', { ...askedBy(caller), reason });
    await this.#gateRuns.wake(id);
    return this.#endpoints.read(id, caller);
  }
}

/** @throws DomainError `conflict` of a disabled endpoint */
export function requireNotDisabled(endpoint: Endpoint): Endpoint {
  if (endpoint.status !== 'disabled') return endpoint;
  const message = `The endpoint is disabled; POST /v1/endpoints/${endpoint.id}/enable first.`;
  throw new DomainError('conflict', 'endpoint_disabled', { message });
}

function askedBy(caller: Caller): StatusChange {
  return { by: actorName(caller), isRequested: true };
}
