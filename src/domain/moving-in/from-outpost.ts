import {
  Mapping,
  type Members,
  type MovedEndpoint,
  membersOf,
  metadataOf,
  textsOf,
} from './moved-endpoint.ts';

const IGNORED = ['created_at', 'updated_at', 'target', 'target_url'];

/** A destination as Outpost lists it, with its tenant as `tenant_id`. */
export function fromOutpost(source: Members): MovedEndpoint {
  const from = new Mapping(source);
  const config = membersOf(from.take('config'));
  const credentials = membersOf(from.take('credentials'));
  const customerId = from.takeText('customer_id', 'tenant_id');
  const uid = from.takeText('id');
  from.set('url', config.url);
  from.set('events', textsOf(from.take('topics')));
  from.set('metadata', metadataOf(from.take('metadata')));
  from.set('secret', credentials.secret);
  from.setHeaders(headersOf(config.custom_headers), 'config.custom_headers');
  from.set('payload', 'data');
  from.set('webhook_id', 'event');
  from.set('signatures', ['outpost']);
  if (credentials.previous_secret)
    from.lose('credentials.previous_secret', 'One secret is taken: the newer one.');
  const type = from.take('type') ?? 'webhook';
  if (type !== 'webhook') from.lose('type', `Destinations of the type ${String(type)} have no counterpart.`);
  from.loseEach({
    filter: 'Filters over the structure of payloads have no counterpart.',
    delivery_metadata: 'It is a header of its own here: see headers.',
  });
  const isDisabled = from.takeText('disabled_at') !== null;
  from.loseTheRest(IGNORED);
  return { customerId, uid, isDisabled, body: from.body, notMapped: from.notMapped };
}

/** They come as an object, or as its JSON text. */
function headersOf(value: unknown): Members {
  if (typeof value !== 'string') return membersOf(value);
  try {
    return membersOf(JSON.parse(value));
  } catch {
    return {};
  }
}
