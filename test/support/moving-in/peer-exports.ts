import type { Peer } from '../../../src/domain/moving-in/peers.ts';

/** An endpoint at another sender, as far as tests tell one from the other. */
export interface ExportedEndpoint {
  readonly id: string;
  readonly customerId: string;
  readonly url: string;
  readonly secret: string;
  readonly isDisabled?: boolean;
}

/** What each sender's API lists of an endpoint, with what its page in docs/moving-in says to add. */
export const peerExports: Readonly<
  Record<Exclude<Peer, 'posthorn'>, (endpoint: ExportedEndpoint) => object>
> = {
  svix: ({ id, customerId, url, secret, isDisabled = false }) => ({
    id,
    appUid: customerId,
    url,
    description: 'first',
    filterTypes: ['job.completed'],
    rateLimit: 5,
    disabled: isDisabled,
    channels: ['eu'],
    version: 1,
    createdAt: '2024-01-01T00:00:00Z',
    secret,
    headers: { 'X-Team': 'data', Authorization: 'Bearer abc', Host: 'other' },
    metadata: { plan: 'gold' },
  }),
  convoy: ({ id, customerId, url, secret, isDisabled = false }) => ({
    uid: id,
    owner_id: customerId,
    title: 'first',
    url,
    status: isDisabled ? 'inactive' : 'active',
    advanced_signatures: true,
    secrets: [{ uid: 's1', value: secret }],
    http_timeout: 20,
    rate_limit: 30,
    rate_limit_duration: '1m0s',
    authentication: { type: 'api_key', api_key: { header_name: 'X-Key', header_value: 'abc' } },
    slack_webhook_url: 'https://hooks.example/1',
    event_types: ['job.*'],
  }),
  outpost: ({ id, customerId, url, secret, isDisabled = false }) => ({
    id,
    tenant_id: customerId,
    type: 'webhook',
    topics: ['*'],
    config: { url, custom_headers: '{"X-Team":"data"}' },
    credentials: { secret, previous_secret: 'old' },
    disabled_at: isDisabled ? '2024-01-01T00:00:00Z' : null,
    filter: { data: { amount: { $gt: 1 } } },
  }),
};
