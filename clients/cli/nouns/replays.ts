import type { AddCommands } from '../call.ts';
import { REPLAY_COLUMNS } from '../columns.ts';
import { EXIT } from '../exit-codes.ts';
import { addPageOptions, type PageOptions, showList } from '../lists.ts';
import { present } from '../present.ts';
import { addNewReplay } from './new-replay.ts';
import { watchReplay } from './watch-replay.ts';

interface Filters extends PageOptions {
  readonly customer?: string;
  readonly endpoint?: string;
}

/** `posthorn replays`: what is sent once more, in bulk. */
export const addReplays: AddCommands = (program, handle) => {
  const replays = program.command('replays').description('deliveries that are sent once more, in bulk');
  const list = replays
    .command('list')
    .description('the newest replays')
    .option('--customer <id>', 'of this customer')
    .option('--endpoint <id>', 'to this endpoint');
  handle<Filters>(addPageOptions(list), async ({ session, options }) => {
    const { customer, endpoint } = options;
    const query = {
      ...(customer !== undefined && { customer_id: customer }),
      ...(endpoint !== undefined && { endpoint_id: endpoint }),
    };
    await showList(session, '/v1/replays', { query, page: options, columns: REPLAY_COLUMNS });
  });

  handle(replays.command('get <id>').description('how far it is'), async ({ session, args: [id = ''] }) => {
    const answer = await session.posthorn.api.GET('/v1/replays/{id}', { params: { path: { id } } });
    session.show(present(answer), REPLAY_COLUMNS);
  });

  handle(
    replays.command('watch <id>').description('shows how far it is until it is over'),
    async ({ session, args: [id = ''] }) => await watchReplay(session, id),
  );

  addNewReplay(replays, handle);

  const cancel = replays.command('cancel <id>').description('ends it; what was sent is sent');
  handle(cancel, async ({ session, args: [id = ''] }) => {
    await session.confirm(`Cancel ${id}?`);
    const answer = await session.posthorn.api.POST('/v1/replays/{id}/cancel', { params: { path: { id } } });
    session.show(present(answer), REPLAY_COLUMNS);
  });

  const goOn = replays
    .command('continue <id>')
    .description('has a cancelled one go on; each is sent once')
    .option('--no-wait', 'do not watch how it goes on');
  handle<{ readonly wait?: boolean }>(goOn, async ({ session, args: [id = ''], options }) => {
    const answer = await session.posthorn.api.POST('/v1/replays/{id}/continue', { params: { path: { id } } });
    session.show(present(answer), REPLAY_COLUMNS);
    return options.wait === false ? EXIT.done : await watchReplay(session, id);
  });
};
