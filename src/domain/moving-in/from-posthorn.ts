import type { Members, MovedEndpoint } from './moved-endpoint.ts';
import { Mapping, membersOf } from './moved-endpoint.ts';

/** Members of an answer that tell how it is, and cannot be given. */
const ANSWERED = [
  'id',
  'status',
  'disabled_reason',
  'paused',
  'disabled',
  'breaker_state',
  'secret_rotation',
  'public_keys',
  'warnings',
  'health',
  'created_at',
  'updated_at',
];

/**
 * An endpoint as this API answers it, from another installation or a backup, with its `secret` where that is to stay.
 */
export function fromPosthorn(source: Members): MovedEndpoint {
  const from = new Mapping(source);
  const customerId = from.takeText('customer_id');
  const uid = from.takeText('uid', 'id');
  const isDisabled = from.take('status') === 'disabled';
  const { customer_id: _, uid: __, ...settings } = source;
  for (const [member, value] of Object.entries(settings)) {
    from.take(member);
    if (member === 'headers') setKnownHeaders(from, value);
    else if (!ANSWERED.includes(member)) from.set(member, value);
  }
  return { customerId, uid, isDisabled, body: from.body, notMapped: from.notMapped };
}

/** Answers mask what is sensitive. */
function setKnownHeaders(from: Mapping, headers: unknown): void {
  const known = Object.entries(membersOf(headers)).filter(([name, value]) => {
    if (value !== '***') return true;
    from.lose(`headers.${name}`, 'Its value is masked in the export: set it again.');
    return false;
  });
  from.setHeaders(Object.fromEntries(known), 'headers');
}
