import { Mapping, type Members, type MovedEndpoint, membersOf, rateOf, textsOf } from './moved-endpoint.ts';

const IGNORED = ['project_id', 'created_at', 'updated_at', 'deleted_at', 'events', 'name', 'content_type'];
const SECONDS_MS = 1_000;
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };

/** An endpoint as Convoy lists it, with its event types as `event_types` or in its `subscription`. */
export function fromConvoy(source: Members): MovedEndpoint {
  const from = new Mapping(source);
  const customerId = from.takeText('customer_id', 'owner_id');
  const uid = from.takeText('uid', 'id');
  from.set('url', from.take('url') ?? from.take('target_url'));
  from.set('description', from.takeText('description', 'name', 'title'));
  const filter = membersOf(membersOf(from.take('subscription')).filter_config);
  from.set('events', textsOf(from.take('event_types')) ?? textsOf(filter.event_types));
  if (Object.keys(membersOf(filter.filter)).length > 0)
    from.lose(
      'subscription.filter_config.filter',
      'Filters over the structure of payloads have no counterpart.',
    );
  setSecret(from);
  setRate(from);
  const timeout = secondsOf(from.take('http_timeout'));
  from.set('timeout_ms', timeout === null ? null : timeout * SECONDS_MS);
  setAuthentication(from);
  from.set('payload', 'data');
  from.set('signatures', [from.take('advanced_signatures') === true ? 'convoy_advanced' : 'convoy_simple']);
  from.loseEach({
    slack_webhook_url: 'Alerts to Slack have no counterpart: subscribe to operational events.',
    support_email: 'Alerts by mail have no counterpart: subscribe to operational events.',
    mtls_client_cert: 'Give tls.client_certificate and tls.client_key.',
  });
  const isDisabled = ['inactive', 'paused'].includes(String(from.take('status')));
  from.loseTheRest(IGNORED);
  return { customerId, uid, isDisabled, body: from.body, notMapped: from.notMapped };
}

/** The newest secret without an end signs; those before it have to be rotated in again. */
function setSecret(from: Mapping): void {
  const secrets = from.take('secrets');
  const live = Array.isArray(secrets) ? secrets.map(membersOf).filter(({ expires_at }) => !expires_at) : [];
  from.set('secret', from.takeText('secret') ?? live.at(-1)?.value);
  if (Array.isArray(secrets) && secrets.length > 1)
    from.lose('secrets', 'One secret is taken: the last one without an end.');
}

function setRate(from: Mapping): void {
  const seconds = secondsOf(from.take('rate_limit_duration')) ?? 1;
  const rate = rateOf(from.take('rate_limit'), seconds);
  if (rate === null) return;
  from.set('rate_limit', { limit: rate.limit, per: rate.per });
  if (!rate.isExact) from.lose('rate_limit', `It is rounded down to ${rate.limit} an hour.`);
}

function setAuthentication(from: Mapping): void {
  const authentication = membersOf(from.take('authentication'));
  const { header_name: name, header_value: value } = membersOf(authentication.api_key);
  if (authentication.type === 'api_key' && typeof name === 'string')
    from.setHeaders({ [name]: { value: String(value ?? ''), sensitive: true } }, 'authentication.api_key');
  else if (typeof authentication.type === 'string' && authentication.type !== '')
    from.lose('authentication', `There is nothing like ${authentication.type} here.`);
}

/** A duration in seconds: a number, or Go's way to write one, `1m30s`; null where it is none. */
function secondsOf(value: unknown): number | null {
  if (typeof value === 'number') return value > 0 ? value : null;
  if (typeof value !== 'string') return null;
  const parts = [...value.matchAll(/(\d+)([smh])/g)];
  const total = parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNITS[unit] ?? 0), 0);
  return total > 0 ? total : null;
}
