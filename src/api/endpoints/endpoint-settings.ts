import { isBelowPrefix } from '../../domain/custom-header.ts';
import { type CustomHeader, DEFAULT_TIMEOUT_MS, type EndpointSettings, MASK } from '../../domain/endpoint.ts';
import { DEFAULT_ENDPOINT_RULES } from '../../domain/endpoint-rules.ts';
import type { InputProblem } from '../../domain/errors.ts';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../../domain/retry-schedule.ts';
import { DEFAULT_WIRE_CHOICES } from '../../domain/wire-choices.ts';
import type { EndpointChangesBody } from './endpoint.dto.ts';
import { mergeRoute, type RouteLimits } from './settings/connection-fields.ts';
import { mergeRetry } from './settings/retry-field.ts';
import { mergeRules, ruleProblems } from './settings/rule-fields.ts';
import { mergeWire, wireProblems } from './settings/wire-fields.ts';

export type DefaultSettings = Omit<EndpointSettings, 'url'>;

/** What holds for what nobody set, unless the operator says otherwise. */
export const DEFAULT_SETTINGS: DefaultSettings = {
  events: ['*'],
  filter: null,
  description: '',
  metadata: {},
  headers: [],
  timeoutMs: DEFAULT_TIMEOUT_MS,
  retry: DEFAULT_RETRY_POLICY,
  route: null,
  wire: DEFAULT_WIRE_CHOICES,
  replayOnRecovery: false,
  ...DEFAULT_ENDPOINT_RULES,
};

/** The setting that each member of a body changes. */
export const SETTINGS: readonly (readonly [
  member: keyof EndpointChangesBody,
  setting: keyof EndpointSettings,
])[] = [
  ['url', 'url'],
  ['events', 'events'],
  ['filter', 'filter'],
  ['description', 'description'],
  ['metadata', 'metadata'],
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
  ['replay_on_recovery', 'replayOnRecovery'],
];

export type SettingsBody = Partial<EndpointChangesBody>;

/** What settings are judged by. */
export interface SettingsContext {
  readonly current: EndpointSettings;
  /** What null returns to. */
  readonly defaults: DefaultSettings;
  readonly limits: RouteLimits & { readonly headerPrefix: string };
}

/** The settings that a body makes of the current ones, and what is wrong with them. */
export function mergeSettings(
  body: SettingsBody,
  { current, defaults, limits }: SettingsContext,
): { readonly settings: EndpointSettings; readonly problems: readonly InputProblem[] } {
  const retry = mergedRetry(body, { current: current.retry, defaults });
  const route = mergeRoute(body, { current: current.route, limits });
  const { headers, problems: ofHeaders } = mergedHeaders(body, { current: current.headers, defaults });
  const rules = mergeRules(body, { current, defaults });
  const wire = mergeWire(body, { current: current.wire, defaults: defaults.wire });
  const settings = {
    url: body.url ?? current.url,
    events: [...new Set(choose(body.events, current.events, defaults.events))],
    filter: body.filter === undefined ? current.filter : body.filter,
    description: choose(body.description, current.description, defaults.description),
    metadata: choose(body.metadata, current.metadata, defaults.metadata),
    headers,
    timeoutMs: choose(body.timeout_ms, current.timeoutMs, defaults.timeoutMs),
    retry: retry.policy,
    route: route.route,
    wire,
    replayOnRecovery: choose(body.replay_on_recovery, current.replayOnRecovery, defaults.replayOnRecovery),
    ...rules,
  };
  const { headerPrefix } = limits;
  return {
    settings,
    problems: [
      ...ofHeaders,
      ...retry.problems,
      ...route.problems,
      ...ruleProblems(rules),
      ...prefixProblems(headers, headerPrefix),
      ...wireProblems(wire, { headers, headerPrefix }),
    ],
  };
}

/** What is left out stays, and null returns to the default. */
function choose<T>(given: T | null | undefined, current: T, initial: T): T {
  return given === undefined ? current : (given ?? initial);
}

function mergedRetry(
  { retry }: SettingsBody,
  { current, defaults }: { readonly current: RetryPolicy; readonly defaults: DefaultSettings },
): { readonly policy: RetryPolicy; readonly problems: readonly InputProblem[] } {
  if (retry === undefined) return { policy: current, problems: [] };
  if (retry === null) return { policy: defaults.retry, problems: [] };
  const merged = mergeRetry(current, retry);
  if (merged.ok) return { policy: merged.policy, problems: [] };
  const { member, code, message } = merged;
  return { policy: current, problems: [{ pointer: `/retry/${member}`, code, message }] };
}

/** Custom headers in the room of Posthorn's own, by whatever name that goes here. */
function prefixProblems(headers: readonly CustomHeader[], headerPrefix: string): readonly InputProblem[] {
  return headers.flatMap(({ name }) => {
    if (!isBelowPrefix(name, headerPrefix)) return [];
    const message = `${JSON.stringify(name)} is sent by Posthorn.`;
    return [{ pointer: `/headers/${escapePointer(name)}`, code: 'header_reserved' as const, message }];
  });
}

/** A masked value stands for the stored one of that name, which must then exist and be sensitive. */
function mergedHeaders(
  { headers }: SettingsBody,
  { current, defaults }: { readonly current: readonly CustomHeader[]; readonly defaults: DefaultSettings },
): { readonly headers: readonly CustomHeader[]; readonly problems: readonly InputProblem[] } {
  if (headers === undefined) return { headers: current, problems: [] };
  const sensitiveNames = new Set(
    current.filter((header) => header.sensitive).map((header) => header.name.toLowerCase()),
  );
  const wanted = (headers ?? defaults.headers).map((header) =>
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
      pointer: `/headers/${escapePointer(name)}`,
      code: 'header_value_masked',
      message,
    }),
  );
  return { headers: wanted, problems };
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
