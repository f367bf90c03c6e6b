import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { HEADER_PREFIX } from '../../domain/custom-header.ts';
import {
  type CustomHeader,
  DEFAULT_TIMEOUT_MS,
  type Endpoint,
  type EndpointSettings,
  MASK,
} from '../../domain/endpoint.ts';
import { DEFAULT_ENDPOINT_RULES } from '../../domain/endpoint-rules.ts';
import { checkUrlSyntax } from '../../domain/endpoint-url.ts';
import type { InputProblem } from '../../domain/errors.ts';
import { parseFilterEntry } from '../../domain/event-filter.ts';
import { isReservedEventType } from '../../domain/event-type.ts';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../../domain/retry-schedule.ts';
import { DEFAULT_WIRE_CHOICES } from '../../domain/wire-choices.ts';
import { CHECK_DESTINATION, type CheckDestination, CONFIG } from '../dependencies.ts';
import { EventTypeCatalogue } from '../event-types/event-type-catalogue.ts';
import { type Caller, foreignCustomer } from '../platform/access/caller.ts';
import { invalidInput } from '../platform/answers/problem.ts';
import { toInputProblems } from '../platform/input/input-problems.ts';
import { emptyBody } from '../platform/input/strict-json.ts';
import {
  type EndpointChangesBody,
  endpointChangesBody,
  newEndpointBody,
  READ_ONLY_MEMBERS,
} from './endpoint.dto.ts';
import { mergeRoute, type RouteLimits } from './settings/connection-fields.ts';
import { mergeRetry } from './settings/retry-field.ts';
import { mergeRules, ruleProblems } from './settings/rule-fields.ts';
import { secretProblems } from './settings/secret-field.ts';
import { mergeWire, wireProblems } from './settings/wire-fields.ts';

/** A new endpoint as its creator asked for it, checked; `secret` undefined is to be generated. */
export interface NewEndpointInput extends EndpointSettings {
  readonly customerId: string | null;
  readonly secret: string | undefined;
  readonly signingKey: string | undefined;
}

const DEFAULT_SETTINGS: Omit<EndpointSettings, 'url'> = {
  events: ['*'],
  description: '',
  headers: [],
  timeoutMs: DEFAULT_TIMEOUT_MS,
  retry: DEFAULT_RETRY_POLICY,
  route: null,
  wire: DEFAULT_WIRE_CHOICES,
  ...DEFAULT_ENDPOINT_RULES,
};

/** The setting that each member of a body changes. */
const SETTINGS: readonly (readonly [member: keyof EndpointChangesBody, setting: keyof EndpointSettings])[] = [
  ['url', 'url'],
  ['events', 'events'],
  ['description', 'description'],
  ['headers', 'headers'],
  ['timeout_ms', 'timeoutMs'],
  ['retry', 'retry'],
  ['tls', 'route'],
  ['egress_address', 'route'],
  ['rate_limit', 'rateLimit'],
  ['max_concurrency', 'maxConcurrency'],
  ['batch', 'batch'],
  ['ordered', 'ordered'],
  ['breaker', 'breaker'],
  ['payload', 'wire'],
  ['webhook_id', 'wire'],
  ['signatures', 'wire'],
];

/**
 * Checks the bodies that create and change endpoints, with what no schema knows: the catalogue, the destination, the caller.
 * Every method reports all faults of a body at once.
 */
@Injectable()
export class EndpointInputs {
  readonly #catalogue: EventTypeCatalogue;
  readonly #checkDestination: CheckDestination;
  readonly #limits: RouteLimits;

  constructor(
    catalogue: EventTypeCatalogue,
    @Inject(CHECK_DESTINATION) checkDestination: CheckDestination,
    @Inject(CONFIG) limits: RouteLimits,
  ) {
    this.#catalogue = catalogue;
    this.#limits = limits;
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
      current: { ...DEFAULT_SETTINGS, url: '' },
      limits: this.#limits,
    });
    const problems = [
      ...schemaProblems(parsed, body),
      ...customerProblems(members, caller),
      ...merged.problems,
      ...secretProblems(parsed.data?.secret, merged.settings.wire),
      ...(await this.#outsideProblems(members, caller.kind === 'operator' && asked === null)),
    ];
    if (!parsed.success || problems.length > 0) throw invalidInput(problems);
    const customerId = caller.kind === 'customer' ? caller.customerId : (parsed.data.customer_id ?? null);
    const { secret, signing_key: signingKey } = parsed.data;
    return { ...merged.settings, customerId, secret, signingKey };
  }

  /** What a body changes of an endpoint; members left out are absent. @throws Problem 422 with every fault */
  async readChanges(body: unknown, endpoint: Endpoint): Promise<Partial<EndpointSettings>> {
    const members = membersOf(body);
    const parsed = endpointChangesBody.safeParse(body);
    const merged = mergeSettings(parsed.data ?? {}, { current: endpoint, limits: this.#limits });
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

type SettingsBody = Partial<EndpointChangesBody>;

function mergeSettings(
  body: SettingsBody,
  { current, limits }: { readonly current: EndpointSettings; readonly limits: RouteLimits },
): { readonly settings: EndpointSettings; readonly problems: readonly InputProblem[] } {
  const retry = mergedRetry(body, current.retry);
  const route = mergeRoute(body, { current: current.route, limits });
  const headers = mergedHeaders(body, current.headers);
  const rules = mergeRules(body, current);
  const wire = mergeWire(body, { current: current.wire });
  const settings = {
    url: body.url ?? current.url,
    events: [...new Set(body.events ?? (body.events === null ? DEFAULT_SETTINGS.events : current.events))],
    description: body.description ?? (body.description === null ? '' : current.description),
    headers: headers.headers,
    timeoutMs: body.timeout_ms ?? (body.timeout_ms === null ? DEFAULT_TIMEOUT_MS : current.timeoutMs),
    retry: retry.policy,
    route: route.route,
    wire,
    ...rules,
  };
  return {
    settings,
    problems: [
      ...headers.problems,
      ...retry.problems,
      ...route.problems,
      ...ruleProblems(rules),
      ...wireProblems(wire, { headers: headers.headers, headerPrefix: HEADER_PREFIX }),
    ],
  };
}

function mergedRetry(
  { retry }: SettingsBody,
  current: RetryPolicy,
): { readonly policy: RetryPolicy; readonly problems: readonly InputProblem[] } {
  if (retry === undefined) return { policy: current, problems: [] };
  if (retry === null) return { policy: DEFAULT_RETRY_POLICY, problems: [] };
  const merged = mergeRetry(current, retry);
  if (merged.ok) return { policy: merged.policy, problems: [] };
  const { member, code, message } = merged;
  return { policy: current, problems: [{ pointer: `/retry/${member}`, code, message }] };
}

/** A masked value stands for the stored one of that name, which must then exist and be sensitive. */
function mergedHeaders(
  { headers }: SettingsBody,
  current: readonly CustomHeader[],
): { readonly headers: readonly CustomHeader[]; readonly problems: readonly InputProblem[] } {
  if (headers === undefined) return { headers: current, problems: [] };
  const sensitiveNames = new Set(
    current.filter((header) => header.sensitive).map((header) => header.name.toLowerCase()),
  );
  const wanted = (headers ?? []).map((header) =>
    header.value === MASK && sensitiveNames.has(header.name.toLowerCase())
      ? { ...header, sensitive: true }
      : header,
  );
  const orphans = wanted.filter(
    ({ name, value, sensitive }) => sensitive && value === MASK && !sensitiveNames.has(name.toLowerCase()),
  );
  const message = `${MASK} stands for a stored value, and there is none; give the value itself.`;
  const problems = orphans.map(
    ({ name }): InputProblem => ({
      pointer: `/headers/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      code: 'header_value_masked',
      message,
    }),
  );
  return { headers: wanted, problems };
}
