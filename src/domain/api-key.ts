/** What a key may be used for, from the narrowest to the widest. */
export const API_KEY_SCOPES = [
  'publish',
  'view',
  'test',
  'retry',
  'manage_endpoints',
  'secrets',
  'operate',
] as const;
export type ApiKeyScope = (typeof API_KEY_SCOPES)[number];

/** What each scope allows, in words for people. */
export const SCOPE_MEANINGS: Readonly<Record<ApiKeyScope, string>> = {
  publish: 'publish events, cancel scheduled ones',
  view: 'read and list everything that the key may see, use the tools',
  test: 'send test events to endpoints',
  retry:
    'retry and cancel deliveries, send events to one more endpoint, begin, cancel and ' +
    'continue replays, retry and discard dead letters, recover endpoints',
  manage_endpoints: 'create, change, switch, verify and delete endpoints',
  secrets: 'see, rotate, promote and revoke the signing secrets of endpoints',
  operate:
    'everything that is the operator’s alone: API keys, event types, destination rules, the master key, ' +
    'payloads of Temporal. For keys without a customer only; who has it can make keys of any scope',
};

/** All that a customer's key can be given. */
export const CUSTOMER_KEY_SCOPES: readonly ApiKeyScope[] = API_KEY_SCOPES.filter(
  (scope) => scope !== 'operate',
);

/**
 * What a new key may do where nothing is said: an operator's everything; a customer's all that it can be given but
 * `secrets`, for who reads those can forge what its receivers trust.
 */
export function defaultScopes(customerId: string | null): readonly ApiKeyScope[] {
  return customerId === null ? API_KEY_SCOPES : CUSTOMER_KEY_SCOPES.filter((scope) => scope !== 'secrets');
}
