import type { components } from '../../typescript/schema.ts';
import type { AddCommands } from '../call.ts';
import { DELIVERY_COLUMNS } from '../columns.ts';
import { listedOf } from '../input/values.ts';
import { addPageOptions, type PageOptions, showList } from '../lists.ts';
import type { Output } from '../output/output.ts';
import { printable } from '../output/text.ts';
import { present } from '../present.ts';
import type { Session } from '../session.ts';
import { addDeliveryFilters, type DeliveryFilters, deliveryQuery } from './delivery-filters.ts';

type Attempt = components['schemas']['Attempt'];
type Status = components['schemas']['DeliveryStatus'];

/** Every state, in the order of its life. */
export const STATUSES = [
  'scheduled',
  'queued',
  'sending',
  'delivered',
  'retrying',
  'held',
  'dead',
  'cancelled',
  'skipped',
] as const satisfies readonly Status[];

interface ListOptions extends DeliveryFilters, PageOptions {
  readonly status?: readonly Status[];
}

/** `posthorn deliveries`: find, read attempt by attempt, retry and cancel. */
export const addDeliveries: AddCommands = (program, handle) => {
  const deliveries = program.command('deliveries').description('one event for one endpoint');
  const list = addDeliveryFilters(deliveries.command('list').description('the newest deliveries')).option(
    '--status <states>',
    `in these states, between commas: ${STATUSES.join(', ')}`,
    listedOf(STATUSES),
  );
  handle<ListOptions>(addPageOptions(list), async ({ session, options }) => {
    const { status } = options;
    const query = { ...deliveryQuery(options), ...(status !== undefined && { status: status.join(',') }) };
    await showList(session, '/v1/deliveries', { query, page: options, columns: DELIVERY_COLUMNS });
  });

  const get = deliveries
    .command('get <id>')
    .description('a delivery with its attempts')
    .option('--curl', 'its request, signed now, as a curl line; needs the scope secrets');
  handle<{ readonly curl?: true }>(get, async ({ session, args: [id = ''], options }) => {
    if (options.curl === true) return await showCurl(session, id);
    const answer = await session.posthorn.api.GET('/v1/deliveries/{id}', { params: { path: { id } } });
    const delivery = present(answer);
    session.show(delivery, [...DELIVERY_COLUMNS, ['next', (one) => one.next_attempt_at]]);
    if (!session.output.isJson) for (const attempt of delivery.attempts) showAttempt(session.output, attempt);
  });

  const retry = deliveries.command('retry <id>').description('sends it once more, now');
  handle(retry, async ({ session, args: [id = ''] }) => {
    const answer = await session.posthorn.api.POST('/v1/deliveries/{id}/retry', { params: { path: { id } } });
    session.show(present(answer), DELIVERY_COLUMNS);
  });

  const cancel = deliveries.command('cancel <id>').description('gives it up');
  handle(cancel, async ({ session, args: [id = ''] }) => {
    await session.confirm(`Cancel ${id}, so that it is not sent any more?`);
    const answer = await session.posthorn.api.POST('/v1/deliveries/{id}/cancel', {
      params: { path: { id } },
    });
    session.show(present(answer), DELIVERY_COLUMNS);
  });
};

async function showCurl(session: Session, id: string): Promise<void> {
  const path = { id };
  const signed = present(
    await session.posthorn.api.GET('/v1/deliveries/{id}/signed-request', { params: { path } }),
  );
  session.output.write(session.output.isJson ? `${session.lastText}\n` : `${signed.curl}\n`);
}

/** One line an attempt, and what to do about a failure below it. */
function showAttempt(output: Output, attempt: Attempt): void {
  const { number, started_at, status_code, error_code, duration_ms, trigger, advice } = attempt;
  const code = status_code ?? '-';
  const cells = [
    `attempt ${number}`,
    started_at,
    code,
    `${duration_ms ?? '-'} ms`,
    error_code ?? 'ok',
    trigger,
  ];
  output.write(`${cells.join(output.isTable ? '  ' : '\t')}\n`);
  if (advice !== null && output.isTable) output.write(`  ${output.style.dim(printable(advice))}\n`);
}
