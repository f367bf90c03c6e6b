import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Endpoint, EndpointSettings } from '../../domain/endpoint.ts';
import { checkUrlSyntax } from '../../domain/endpoint-url.ts';
import type { InputProblem } from '../../domain/errors.ts';
import { parseFilterEntry } from '../../domain/event-filter.ts';
import { isReservedEventType } from '../../domain/event-type.ts';
import { CHECK_DESTINATION, type CheckDestination, CONFIG } from '../dependencies.ts';
import { EventTypeCatalogue } from '../event-types/event-type-catalogue.ts';
import { type Caller, foreignCustomer } from '../platform/access/caller.ts';
import { KnownCustomers } from '../platform/access/known-customers.ts';
import { invalidInput } from '../platform/answers/problem.ts';
import { toInputProblems } from '../platform/input/input-problems.ts';
import { emptyBody } from '../platform/input/strict-json.ts';
import { endpointChangesBody, newEndpointBody, READ_ONLY_MEMBERS } from './endpoint.dto.ts';
import { type InstallationSettings, readDefaults } from './endpoint-defaults.ts';
import { type DefaultSettings, mergeSettings, SETTINGS } from './endpoint-settings.ts';
import { secretProblems } from './settings/secret-field.ts';

/** A new endpoint as its creator asked for it, checked; `secret` undefined is to be generated. */
export interface NewEndpointInput extends EndpointSettings {
  readonly uid: string | null;
  readonly customerId: string | null;
  readonly secret: string | undefined;
  readonly signingKey: string | undefined;
}

/**
 * Checks the bodies that create and change endpoints, with what no schema knows: the catalogue, the destination, the
 * caller. Every method reports all faults of a body at once.
 */
@Injectable()
export class EndpointInputs {
  readonly #catalogue: EventTypeCatalogue;
  readonly #checkDestination: CheckDestination;
  readonly #limits: InstallationSettings;
  readonly #defaults: DefaultSettings;
  readonly #customers: KnownCustomers;

  constructor(
    catalogue: EventTypeCatalogue,
    @Inject(CHECK_DESTINATION) checkDestination: CheckDestination,
    @Inject(CONFIG) limits: InstallationSettings,
    customers: KnownCustomers,
  ) {
    this.#catalogue = catalogue;
    this.#limits = limits;
    this.#customers = customers;
    this.#defaults = readDefaults(limits);
    this.#checkDestination = checkDestination;
  }

  /** @throws Problem 422 with every fault; 403 where a customer's key names another customer */
  async readNew(body: unknown, caller: Caller): Promise<NewEndpointInput> {
    const members = membersOf(body);
    const asked = members.customer_id;
    if (caller.kind === 'customer' && typeof asked === 'string' && asked !== caller.customerId) {
      throw foreignCustomer(asked, { own: caller.customerId, askedIn: 'body' });
    }
    const parsed = newEndpointBody.safeParse(body);
    const merged = mergeSettings(parsed.data ?? {}, {
      current: { ...this.#defaults, url: '' },
      defaults: this.#defaults,
      limits: this.#limits,
    });
    const problems = [
      ...schemaProblems(parsed, body),
      ...customerProblems(members, caller),
      ...(await this.#customers.problemsOf(customerOf(parsed.data, caller), { notes: false })),
      ...merged.problems,
      ...secretProblems(parsed.data?.secret, merged.settings.wire),
      ...(await this.#outsideProblems(members, caller.kind === 'operator' && asked === null)),
    ];
    if (!parsed.success || problems.length > 0) throw invalidInput(problems);
    const customerId = customerOf(parsed.data, caller);
    const { uid = null, secret, signing_key: signingKey } = parsed.data;
    return { ...merged.settings, customerId, uid, secret, signingKey };
  }

  /** What a body changes of an endpoint; members left out are absent. @throws Problem 422 with every fault */
  async readChanges(body: unknown, endpoint: Endpoint): Promise<Partial<EndpointSettings>> {
    const members = membersOf(body);
    const parsed = endpointChangesBody.safeParse(body);
    const merged = mergeSettings(parsed.data ?? {}, {
      current: endpoint,
      defaults: this.#defaults,
      limits: this.#limits,
    });
    const problems = [
      ...schemaProblems(parsed, body).map(nameReadOnly),
      ...merged.problems,
      ...(await this.#outsideProblems(members, endpoint.customerId === null)),
    ];
    if (!parsed.success || problems.length > 0) throw invalidInput(problems);
    const changed = SETTINGS.filter(([member]) => member in members);
    return Object.fromEntries(changed.map(([, name]) => [name, merged.settings[name]]));
  }

  /** Judged on the raw members, so that a fault elsewhere in the body hides nothing. */
  async #outsideProblems({ url, events }: Members, isOperators: boolean): Promise<readonly InputProblem[]> {
    const [ofUrl, ofEvents] = await Promise.all([
      this.#destinationProblems(url),
      this.#eventProblems(Array.isArray(events) ? events : [], isOperators),
    ]);
    return [...ofUrl, ...ofEvents];
  }

  async #destinationProblems(url: unknown): Promise<readonly InputProblem[]> {
    if (typeof url !== 'string' || !checkUrlSyntax(url).ok) return [];
    const problem = await this.#checkDestination(url);
    return problem === null ? [] : [{ pointer: '/url', code: problem.code, message: problem.message }];
  }

  async #eventProblems(events: readonly unknown[], isOperators: boolean): Promise<readonly InputProblem[]> {
    const checked = events.map(async (entry, index): Promise<readonly InputProblem[]> => {
      if (typeof entry !== 'string') return [];
      if (!isOperators && isReservedEventType(entry)) {
        const message = `${entry} is for endpoints of the operator (customer_id null) only.`;
        return [{ pointer: `/events/${index}`, code: 'reserved_event_type', message }];
      }
      if (parseFilterEntry(entry)?.kind !== 'name') return [];
      if (await this.#catalogue.isKnown(entry)) return [];
      const message = `There is no event type ${JSON.stringify(entry)}; see GET /v1/event-types.`;
      return [{ pointer: `/events/${index}`, code: 'unknown_event_type', message }];
    });
    return (await Promise.all(checked)).flat();
  }
}

type Members = Readonly<Record<string, unknown>>;

function membersOf(body: unknown): Members {
  if (body === undefined) throw emptyBody();
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : {};
}

function schemaProblems(parsed: z.ZodSafeParseResult<unknown>, body: unknown): readonly InputProblem[] {
  return parsed.success ? [] : toInputProblems(parsed.error.issues, body);
}

/** Whose a new endpoint is to be; null is the operator's, or nobody's where the body is wrong. */
function customerOf(body: { readonly customer_id?: string | null | undefined } | undefined, caller: Caller) {
  return caller.kind === 'customer' ? caller.customerId : (body?.customer_id ?? null);
}

function customerProblems(members: Members, caller: Caller): readonly InputProblem[] {
  const pointer = '/customer_id';
  if (caller.kind === 'operator' && members.customer_id === undefined) {
    const message = "Required with the operator's key; null makes an endpoint for all customers' events.";
    return [{ pointer, code: 'required', message }];
  }
  if (caller.kind === 'customer' && members.customer_id === null) {
    const message = "Only the operator's key may use null; leave customer_id out.";
    return [{ pointer, code: 'customer_mismatch', message }];
  }
  return [];
}

function nameReadOnly(problem: InputProblem): InputProblem {
  const member = problem.pointer.slice(1);
  if (problem.code !== 'unknown_member' || !READ_ONLY_MEMBERS.includes(member)) return problem;
  return { ...problem, code: 'read_only', message: `${member} cannot be changed by PATCH; leave it out.` };
}
