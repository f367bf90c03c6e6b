import type { Command } from 'commander';
import { pastTime } from '../input/times.ts';

/** Which deliveries. */
export interface DeliveryFilters {
  readonly customer?: string;
  readonly endpoint?: string;
  readonly event?: string;
  readonly eventId?: string;
  readonly errorCode?: string;
  readonly since?: string;
  readonly until?: string;
}

/** The same filters as members of the API. */
export interface DeliveryQuery {
  customer_id?: string;
  endpoint_id?: string;
  event?: string;
  event_id?: string;
  error_code?: string;
  after?: string;
  before?: string;
}

/** Adds the options that choose deliveries. */
export function addDeliveryFilters(command: Command): Command {
  return command
    .option('--customer <id>', 'of this customer')
    .option('--endpoint <id>', 'to this endpoint')
    .option('--event <type>', 'of this type')
    .option('--event-id <id>', 'of this event')
    .option('--error-code <code>', 'whose last failure was this')
    .option('--since <time>', 'made then or later: RFC 3339, or 24h', pastTime)
    .option('--until <time>', 'made before', pastTime);
}

/** What the API is asked for. */
export function deliveryQuery(filters: DeliveryFilters): DeliveryQuery {
  const { customer, endpoint, event, eventId, errorCode, since, until } = filters;
  return {
    ...(customer !== undefined && { customer_id: customer }),
    ...(endpoint !== undefined && { endpoint_id: endpoint }),
    ...(event !== undefined && { event }),
    ...(eventId !== undefined && { event_id: eventId }),
    ...(errorCode !== undefined && { error_code: errorCode }),
    ...(since !== undefined && { after: since }),
    ...(until !== undefined && { before: until }),
  };
}
