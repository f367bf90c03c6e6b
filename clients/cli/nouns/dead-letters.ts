import { type Command, Option } from 'commander';
import type { components } from '../../typescript/schema.ts';
import type { AddCommands, Call } from '../call.ts';
import { DEAD_LETTER_COLUMNS } from '../columns.ts';
import { EXIT } from '../exit-codes.ts';
import { listed } from '../input/values.ts';
import { addPageOptions, type PageOptions, showList } from '../lists.ts';
import { present } from '../present.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import { type Counted, countedText } from './counted.ts';
import { addDeliveryFilters, type DeliveryFilters, deliveryQuery } from './delivery-filters.ts';
import { watchReplay } from './watch-replay.ts';

type Selection = components['schemas']['DeadLetterSelection'];
type Reason = NonNullable<NonNullable<Selection['filter']>['reason']>;

const REASONS = [
  'retries_exhausted',
  'endpoint_gone',
  'destination_not_allowed',
  'expired',
] as const satisfies readonly Reason[];

interface Filters extends DeliveryFilters, PageOptions {
  readonly reason?: Reason;
}

interface Selecting extends Filters {
  readonly id?: readonly string[];
  readonly all?: boolean;
  readonly dryRun?: boolean;
  /** False by `--no-wait`. */
  readonly wait?: boolean;
}

/** `posthorn dead-letters`: what ended undelivered. */
export const addDeadLetters: AddCommands = (program, handle) => {
  const letters = program.command('dead-letters').description('deliveries that ended undelivered');
  const list = addFilters(letters.command('list').description('the newest dead letters'));
  handle<Filters>(addPageOptions(list), async ({ session, options }) => {
    const { reason } = options;
    const query = { ...deliveryQuery(options), ...(reason !== undefined && { reason }) };
    await showList(session, '/v1/dead-letters', { query, page: options, columns: DEAD_LETTER_COLUMNS });
  });

  const retry = addSelection(letters.command('retry').description('sends them once more')).option(
    '--no-wait',
    'do not watch how it goes on',
  );
  handle<Selecting>(retry, async (call) => {
    const { session, options } = call;
    if (!(await agree(call, async (body) => await countRetry(session, body), 'Retry'))) return EXIT.done;
    const begun = present(
      await session.posthorn.api.POST('/v1/dead-letters/retry', { body: selectionOf(options) }),
    );
    if (session.output.isJson) session.output.write(`${session.lastText}\n`);
    if (!('replay_id' in begun)) return EXIT.done;
    if (!session.output.isJson) session.output.write(`${begun.replay_id}\n`);
    return options.wait === false ? EXIT.done : await watchReplay(session, begun.replay_id);
  });

  const discard = addSelection(letters.command('discard').description('forgets them for good'));
  handle<Selecting>(discard, async (call) => {
    const { session, options } = call;
    if (!(await agree(call, async (body) => await countDiscard(session, body), 'Discard'))) return EXIT.done;
    const count = await discardAll(session, selectionOf(options));
    session.show({ count }, [['count', (one) => one.count]]);
    return EXIT.done;
  });
};

function addFilters(command: Command): Command {
  return addDeliveryFilters(command).addOption(
    new Option('--reason <reason>', 'that died of this').choices(REASONS),
  );
}

function addSelection(command: Command): Command {
  return addFilters(command)
    .option('--id <ids>', 'these deliveries, between commas', listed)
    .option('--all', 'without any filter: all of them')
    .option('--dry-run', 'only count them; so it is, too, without --yes where nobody can be asked');
}

function selectionOf(options: Selecting): Selection {
  const { reason, id, all } = options;
  const filter = {
    ...deliveryQuery(options),
    ...(reason !== undefined && { reason }),
    ...(id !== undefined && { ids: [...id] }),
  };
  if (Object.keys(filter).length === 0 && all !== true)
    throw new UsageError('say which: by filters, by --id, or by --all');
  return { filter, ...(all === true && { all }) };
}

/** Counts first, and asks. Where nobody can be asked and --yes is missing, the count is all that happens. */
async function agree(
  { session, options }: Call<Selecting>,
  count: (body: Selection) => Promise<Counted>,
  verb: string,
): Promise<boolean> {
  if (options.yes === true && options.dryRun !== true) return true;
  const found = await count({ ...selectionOf(options), dry_run: true });
  const isAsked = options.dryRun !== true && session.io.ask !== null && options.input !== false;
  if (isAsked) await session.confirm(`${countedText(found)} dead letters. ${verb} them?`);
  else {
    session.show(found, [['count', countedText]]);
    session.output.note('Nothing was changed: --yes does it.');
  }
  return isAsked;
}

async function countRetry({ posthorn }: Session, body: Selection): Promise<Counted> {
  const answer = present(await posthorn.api.POST('/v1/dead-letters/retry', { body }));
  return { count: answer.count, capped: answer.capped };
}

async function countDiscard({ posthorn }: Session, body: Selection): Promise<Counted> {
  return present(await posthorn.api.POST('/v1/dead-letters/discard', { body }));
}

/** The API discards so many at a time, and says where there are more. */
async function discardAll({ posthorn }: Session, body: Selection): Promise<number> {
  let count = 0;
  let isDone = false;
  while (!isDone) {
    const step = present(await posthorn.api.POST('/v1/dead-letters/discard', { body }));
    count += step.count;
    isDone = !step.capped;
  }
  return count;
}
