import { setTimeout as sleep } from 'node:timers/promises';
import type { components } from '../../typescript/schema.ts';
import type { AddCommands } from '../call.ts';
import { DELIVERY_COLUMNS } from '../columns.ts';
import { EXIT } from '../exit-codes.ts';
import { listedOf, wholeFrom } from '../input/values.ts';
import { STATUSES } from '../nouns/deliveries.ts';
import { addDeliveryFilters, type DeliveryFilters, deliveryQuery } from '../nouns/delivery-filters.ts';
import type { Session } from '../session.ts';

type Delivery = components['schemas']['Delivery'];

interface TailOptions extends DeliveryFilters {
  readonly status?: readonly Delivery['status'][];
  readonly exitAfter?: number;
}

const LOOK_EVERY_MS = 1_000;
/** The newest of what is followed; older deliveries than these are not looked at again. */
const MOST_FOLLOWED = 1_000;

/** `posthorn tail`: deliveries as they go on. */
export const addTail: AddCommands = (program, handle) => {
  const tail = addDeliveryFilters(
    program.command('tail').description('deliveries as they change, from now on or --since'),
  )
    .option(
      '--status <states>',
      `in these states, between commas: ${STATUSES.join(', ')}`,
      listedOf(STATUSES),
    )
    .option('--exit-after <n>', 'ends after so many lines', wholeFrom(1));
  handle<TailOptions>(tail, async ({ session, options }) => {
    const since = options.since ?? new Date().toISOString();
    const seen = new Map<string, string>();
    for (let shown = 0; ; ) {
      const changed = (await newestOf(session, { ...options, since })).filter((one) => hasChanged(seen, one));
      for (const delivery of changed.reverse()) {
        show(session, delivery);
        shown += 1;
        if (shown === options.exitAfter) return EXIT.done;
      }
      await sleep(LOOK_EVERY_MS, undefined, { signal: session.io.signal });
    }
  });
};

async function newestOf({ posthorn }: Session, options: TailOptions): Promise<Delivery[]> {
  const { status } = options;
  const query = { ...deliveryQuery(options), ...(status !== undefined && { status: status.join(',') }) };
  const found: Delivery[] = [];
  for await (const delivery of posthorn.list('/v1/deliveries', { query })) {
    found.push(delivery);
    if (found.length === MOST_FOLLOWED) break;
  }
  return found;
}

function hasChanged(seen: Map<string, string>, { id, status, attempts_made }: Delivery): boolean {
  const state = `${status} ${attempts_made}`;
  if (seen.get(id) === state) return false;
  seen.set(id, state);
  return true;
}

function show({ output }: Session, delivery: Delivery): void {
  if (output.isJson) output.write(`${JSON.stringify(delivery)}\n`);
  else
    output.write(
      `${DELIVERY_COLUMNS.map(([, cell]) => cell(delivery) ?? '-').join(output.isTable ? '  ' : '\t')}\n`,
    );
}
