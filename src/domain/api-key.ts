/** What a key may be used for, from the narrowest to the widest. */
export const API_KEY_SCOPES = ['publish', 'read', 'manage', 'operate'] as const;
export type ApiKeyScope = (typeof API_KEY_SCOPES)[number];

/** What each scope allows, in words for people. */
export const SCOPE_MEANINGS: Readonly<Record<ApiKeyScope, string>> = {
  publish: 'publish events, cancel scheduled ones',
  read: 'read and list everything that the key may see, use the tools',
  manage:
    'create, change and delete endpoints, rotate and see their secrets, retry and cancel deliveries, handle dead letters and replays',
  operate:
    'everything that is the operator’s alone: API keys, event types, destination rules, the master key, payloads of Temporal. For keys without a customer only; who has it can make keys of any scope',
};

/** What a new customer's key may do unless it is said otherwise. */
export const CUSTOMER_KEY_SCOPES: readonly ApiKeyScope[] = ['publish', 'read', 'manage'];

/** What a new key may do where nothing is said: a customer's everything but `operate`, an operator's everything. */
export function defaultScopes(customerId: string | null): readonly ApiKeyScope[] {
  return customerId === null ? API_KEY_SCOPES : CUSTOMER_KEY_SCOPES;
}
