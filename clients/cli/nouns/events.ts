import type { AcceptedEvent } from '../../typescript/posthorn.ts';
import type { components } from '../../typescript/schema.ts';
import type { AddCommands } from '../call.ts';
import { DELIVERY_COLUMNS, EVENT_COLUMNS } from '../columns.ts';
import { futureTime, pastTime } from '../input/times.ts';
import { readJsonText, readMember, repeated } from '../input/values.ts';
import { addPageOptions, type PageOptions, showList } from '../lists.ts';
import type { Column } from '../output/output.ts';
import { present } from '../present.ts';

interface EventFilters extends PageOptions {
  readonly customer?: string;
  readonly event?: string;
  readonly since?: string;
  readonly until?: string;
  readonly where?: readonly string[];
}

interface NewEventOptions {
  readonly customer?: string;
  readonly data: string;
  readonly at?: string;
  readonly broadcast?: true;
  readonly idempotencyKey?: string;
}

/** What came of a publish. */
export const ACCEPTED_COLUMNS: readonly Column<AcceptedEvent>[] = [
  ['id', (one) => one.id],
  ['event', (one) => one.event],
  ['customer', (one) => one.customer_id ?? '(all)'],
  ['deliveries', (one) => one.deliveries],
  ['deliver at', (one) => one.deliver_at],
];

const EXPLAINED_COLUMNS: readonly Column<components['schemas']['ExplainedEndpoint']>[] = [
  ['endpoint', (one) => one.endpoint_id],
  ['outcome', (one) => one.outcome],
  ['rule', (one) => one.rule],
  ['delivery', (one) => one.delivery_id],
  ['why', (one) => one.sentence],
];

/** `posthorn events`: publish, find, explain, read, send again and cancel. */
export const addEvents: AddCommands = (program, handle) => {
  const events = program.command('events').description('what happened, accepted once');
  const list = events
    .command('list')
    .description('the newest events')
    .option('--customer <id>', 'of this customer')
    .option('--event <type>', 'of this type')
    .option('--since <time>', 'accepted then or later: RFC 3339, or 24h', pastTime)
    .option('--until <time>', 'accepted before', pastTime)
    .option('--where <member=value>', 'whose data has it, by a searchable member; may be repeated', repeated);
  handle<EventFilters>(addPageOptions(list), async ({ session, options }) => {
    const { customer, event, since, until, where } = options;
    const query = {
      ...(customer !== undefined && { customer_id: customer }),
      ...(event !== undefined && { event }),
      ...(since !== undefined && { after: since }),
      ...(until !== undefined && { before: until }),
      ...(where !== undefined && { data: Object.fromEntries(where.map(readMember)) }),
    };
    await showList(session, '/v1/events', { query, page: options, columns: EVENT_COLUMNS });
  });

  handle(
    events.command('get <id>').description('an event with its data'),
    async ({ session, args: [id = ''] }) => {
      const answer = await session.posthorn.api.GET('/v1/events/{id}', { params: { path: { id } } });
      const event = present(answer);
      const states = Object.entries(event.deliveries_by_status).filter(([, count]) => count > 0);
      session.show(event, [
        ...EVENT_COLUMNS,
        ['states', () => states.map(([state, count]) => `${count} ${state}`).join(', ') || null],
        ['data', (one) => JSON.stringify(one.data)],
      ]);
    },
  );

  const explain = events
    .command('explain <id>')
    .description('why an event did or did not arrive at each endpoint, as it was when it came')
    .option('--cursor <cursor>', 'the page that begins there');
  handle<{ readonly cursor?: string }>(explain, async ({ session, args: [id = ''], options: { cursor } }) => {
    const answer = await session.posthorn.api.GET('/v1/events/{id}/explain', {
      params: { path: { id }, query: cursor === undefined ? {} : { cursor } },
    });
    const { endpoints, next_cursor } = present(answer);
    const { output } = session;
    if (output.isJson) return output.write(`${session.lastText}\n`);
    output.table(endpoints, EXPLAINED_COLUMNS);
    if (next_cursor !== null) output.note(`There are more: --cursor ${next_cursor}`);
  });

  const publish = events
    .command('publish <type>')
    .description('publishes an event; posthorn trigger makes up its data')
    .requiredOption('--data <json>', 'its data: JSON, @file, or - for standard input')
    .option('--customer <id>', 'whose event it is; needed with an operator’s key')
    .option('--broadcast', 'to every customer’s subscribed endpoints')
    .option('--at <time>', 'deliver at this time: RFC 3339, or 2h', futureTime)
    .option('--idempotency-key <key>', 'the same key makes the same event');
  handle<NewEventOptions>(publish, async ({ session, args: [type = ''], options }) => {
    const { customer, data, at, broadcast, idempotencyKey } = options;
    const event = {
      event: type,
      data: await readJsonText(session.io, data, '--data'),
      ...(customer !== undefined && { customer_id: customer }),
      ...(broadcast && { broadcast }),
      ...(at !== undefined && { deliver_at: at }),
    };
    session.show(
      await session.posthorn.publish(event, idempotencyKey === undefined ? {} : { idempotencyKey }),
      ACCEPTED_COLUMNS,
    );
  });

  const send = events
    .command('send <id>')
    .description('sends an event to one endpoint, subscribed or not, as a new delivery')
    .requiredOption('--to <endpoint>', 'the endpoint');
  handle<{ readonly to: string }>(send, async ({ session, args: [id = ''], options }) => {
    const answer = await session.posthorn.api.POST('/v1/events/{id}/send', {
      params: { path: { id } },
      body: { endpoint_id: options.to },
    });
    session.show(present(answer), DELIVERY_COLUMNS);
  });

  const cancel = events.command('cancel <id>').description('cancels an event that is scheduled');
  handle(cancel, async ({ session, args: [id = ''] }) => {
    await session.confirm(`Cancel ${id}, so that nobody gets it?`);
    const answer = await session.posthorn.api.POST('/v1/events/{id}/cancel', { params: { path: { id } } });
    session.show(present(answer), EVENT_COLUMNS);
  });
};
