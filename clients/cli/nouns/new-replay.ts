import type { Command } from 'commander';
import type { components } from '../../typescript/schema.ts';
import type { Call, Handle } from '../call.ts';
import { EXIT } from '../exit-codes.ts';
import { listed, listedOf } from '../input/values.ts';
import { present } from '../present.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import { type Counted, countedText } from './counted.ts';
import { addDeliveryFilters, type DeliveryFilters, deliveryQuery } from './delivery-filters.ts';
import { watchReplay } from './watch-replay.ts';

type NewReplay = components['schemas']['NewReplay'];
type Status = NonNullable<NonNullable<NewReplay['filter']>['status']>[number];

const STATUSES = ['delivered', 'dead', 'skipped'] as const satisfies readonly Status[];

interface Selecting extends DeliveryFilters {
  readonly status?: readonly Status[];
  readonly id?: readonly string[];
  readonly all?: boolean;
  readonly to?: string;
  readonly new?: boolean;
  readonly dryRun?: boolean;
  /** False by `--no-wait`. */
  readonly wait?: boolean;
}

/** `posthorn replays create`: sends any selection once more, after its count. */
export function addNewReplay(replays: Command, handle: Handle): void {
  const create = addDeliveryFilters(
    replays.command('create').description('sends deliveries once more, whatever became of them'),
  )
    .option(
      '--status <states>',
      `in these states, between commas: ${STATUSES.join(', ')}`,
      listedOf(STATUSES),
    )
    .option('--id <ids>', 'these deliveries, between commas', listed)
    .option('--all', 'without any filter: all of them')
    .option('--to <endpoint>', 'all to this endpoint, as new deliveries in the order of acceptance')
    .option('--new', 'as new deliveries, which receivers that deduplicate process')
    .option('--dry-run', 'only count them; so it is, too, without --yes where nobody can be asked')
    .option('--no-wait', 'do not watch how it goes on');
  handle<Selecting>(create, async (call) => {
    const { session, options } = call;
    if (!(await agree(call))) return EXIT.done;
    const begun = present(await session.posthorn.api.POST('/v1/replays', { body: bodyOf(options) }));
    if (!('id' in begun)) return EXIT.done;
    session.output.write(session.output.isJson ? `${session.lastText}\n` : `${begun.id}\n`);
    return options.wait === false ? EXIT.done : await watchReplay(session, begun.id);
  });
}

function bodyOf(options: Selecting): NewReplay {
  const { status, id, all, to } = options;
  const filter = {
    ...deliveryQuery(options),
    ...(status !== undefined && { status: [...status] }),
    ...(id !== undefined && { ids: [...id] }),
  };
  if (Object.keys(filter).length === 0 && all !== true)
    throw new UsageError('say which: by filters, by --id, or by --all');
  return {
    filter,
    ...(all === true && { all }),
    ...(to !== undefined && { to_endpoint_id: to }),
    ...(options.new === true && { new_delivery: true }),
  };
}

/** Counts first, and asks. Where nobody can be asked and --yes is missing, the count is all that happens. */
async function agree({ session, options }: Call<Selecting>): Promise<boolean> {
  if (options.yes === true && options.dryRun !== true) return true;
  const counted = await countOf(session, bodyOf(options));
  const isAsked = options.dryRun !== true && session.io.ask !== null && options.input !== false;
  if (isAsked) await session.confirm(`${countedText(counted)} deliveries. Send them once more?`);
  else {
    session.show(counted, [['count', countedText]]);
    session.output.note('Nothing was changed: --yes does it.');
  }
  return isAsked;
}

async function countOf({ posthorn }: Session, body: NewReplay): Promise<Counted> {
  const answer = present(await posthorn.api.POST('/v1/replays', { body: { ...body, dry_run: true } }));
  if (!('count' in answer)) throw new Error('a count was asked for and not given');
  return answer;
}
