import {
  Mapping,
  type Members,
  type MovedEndpoint,
  membersOf,
  metadataOf,
  rateOf,
  textsOf,
} from './moved-endpoint.ts';

const IGNORED = ['createdAt', 'updatedAt', 'version', 'appId', 'application'];

/**
 * An endpoint as Svix lists it (`EndpointOut`), with `secret` (or `key`, as the endpoint's secret is read), `headers`,
 * and the application it belongs to as `appUid`, `appId` or `application`.
 */
export function fromSvix(source: Members): MovedEndpoint {
  const from = new Mapping(source);
  const application = membersOf(from.take('application'));
  const customerId =
    from.takeText('customer_id', 'appUid') ?? textIn(application, 'uid', 'id') ?? from.takeText('appId');
  const uid = from.takeText('uid', 'id');
  from.set('url', from.take('url'));
  from.set('description', from.takeText('description'));
  from.set('events', textsOf(from.take('filterTypes')));
  from.set('metadata', metadataOf(from.take('metadata')));
  from.set('secret', from.takeText('secret', 'key'));
  setRate(from);
  // What is listed of sensitive headers is their names only.
  const headers = membersOf(from.take('headers'));
  from.setHeaders('headers' in headers ? headers.headers : headers, 'headers');
  const isDisabled = from.take('disabled') === true;
  from.set('payload', 'data');
  from.set('webhook_id', 'event');
  from.set('signatures', ['svix']);
  from.loseEach({
    channels: 'Channels have no counterpart: publish another event type, or to another customer.',
    transformation: 'Transformations have no counterpart.',
    sensitive: 'Values of sensitive headers are not in the export: set them again.',
  });
  from.loseTheRest(IGNORED);
  return { customerId, uid, isDisabled, body: from.body, notMapped: from.notMapped };
}

function setRate(from: Mapping): void {
  const rate = rateOf(from.take('rateLimit') ?? from.take('throttleRate'), 1);
  if (rate !== null) from.set('rate_limit', { limit: rate.limit, per: rate.per });
}

function textIn(members: Members, ...names: readonly string[]): string | null {
  return (
    (names.map((name) => members[name]).find((value) => typeof value === 'string') as string | null) ?? null
  );
}
