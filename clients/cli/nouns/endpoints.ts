import type { Command } from 'commander';
import type { components } from '../../typescript/schema.ts';
import type { AddCommands, Handle } from '../call.ts';
import { ENDPOINT_COLUMNS } from '../columns.ts';
import { listed } from '../input/values.ts';
import { addPageOptions, type PageOptions, showList } from '../lists.ts';
import type { Column } from '../output/output.ts';
import { present } from '../present.ts';
import { addEndpointActions } from './endpoint-actions.ts';
import { addEndpointSecrets } from './endpoint-secrets.ts';
import { readSettings, type SettingOptions } from './endpoint-settings.ts';

type Endpoint = components['schemas']['Endpoint'];

interface Filters extends PageOptions {
  readonly customer?: string;
  readonly event?: string;
  readonly url?: string;
}

const DETAIL_COLUMNS: readonly Column<Endpoint>[] = [
  ...ENDPOINT_COLUMNS,
  ['description', (one) => one.description || null],
  ['disabled', (one) => one.disabled_reason],
  ['paused', (one) => one.paused?.since],
  ['timeout', (one) => `${one.timeout_ms} ms`],
  ['retry', (one) => JSON.stringify(one.retry)],
  ['rate limit', (one) => one.rate_limit && JSON.stringify(one.rate_limit)],
  ['batch', (one) => one.batch && JSON.stringify(one.batch)],
  ['created', (one) => one.created_at],
];

/** `posthorn endpoints`: customers' URLs with their settings. */
export const addEndpoints: AddCommands = (program, handle) => {
  const endpoints = program.command('endpoints').description('customers’ URLs with their settings');
  addReads(endpoints, handle);
  addChanges(endpoints, handle);
  addEndpointActions(endpoints, handle, DETAIL_COLUMNS);
  addEndpointSecrets(endpoints, handle);
};

function addReads(endpoints: Command, handle: Handle): void {
  const list = endpoints
    .command('list')
    .description('the newest endpoints')
    .option('--customer <id>', 'of this customer')
    .option('--event <type>', 'that get events of this type')
    .option('--url <text>', 'whose URL has this in it');
  handle<Filters>(addPageOptions(list), async ({ session, options }) => {
    const { customer, event, url } = options;
    const query = {
      ...(customer !== undefined && { customer_id: customer }),
      ...(event !== undefined && { event }),
      ...(url !== undefined && { url }),
    };
    await showList(session, '/v1/endpoints', { query, page: options, columns: ENDPOINT_COLUMNS });
  });

  handle(
    endpoints.command('get <id>').description('an endpoint with its settings'),
    async ({ session, args: [id = ''] }) => {
      const answer = await session.posthorn.api.GET('/v1/endpoints/{id}', { params: { path: { id } } });
      session.show(present(answer), DETAIL_COLUMNS);
    },
  );
}

function addChanges(endpoints: Command, handle: Handle): void {
  const create = addSettings(
    endpoints.command('create').description('makes an endpoint and shows its secret, this once'),
  )
    .option('--customer <id>', 'whose it is; needed with an operator’s key')
    .option('--of-operator', 'one of the operator’s, which gets the events of all customers');
  handle<SettingOptions>(create, async ({ session, options }) => {
    const settings = await readSettings(session.io, options);
    const body = settings as components['schemas']['NewEndpoint'];
    const made = present(await session.posthorn.api.POST('/v1/endpoints', { body }));
    session.show(made, [
      ...DETAIL_COLUMNS,
      ['secret', (one) => ('secret' in one ? String(one.secret) : null)],
    ]);
  });

  const update = addSettings(
    endpoints.command('update <id>').description('changes settings, and shows which'),
  );
  handle<SettingOptions>(update, async ({ session, args: [id = ''], options }) => {
    const params = { path: { id } };
    const before = present(await session.posthorn.api.GET('/v1/endpoints/{id}', { params }));
    const body = (await readSettings(session.io, options)) as components['schemas']['EndpointChanges'];
    const after = present(await session.posthorn.api.PATCH('/v1/endpoints/{id}', { params, body }));
    for (const line of differences(before, after)) session.output.note(line);
    session.show(after, DETAIL_COLUMNS);
  });

  const remove = endpoints
    .command('delete <id>')
    .description('removes an endpoint; what waits for it is given up');
  handle(remove, async ({ session, args: [id = ''] }) => {
    await session.confirm(`Delete ${id}, and give up what waits for it?`);
    await session.posthorn.api.DELETE('/v1/endpoints/{id}', { params: { path: { id } } });
    session.output.note(`${id} is deleted`);
  });
}

function addSettings(command: Command): Command {
  return command
    .option('--url <url>', 'where deliveries go')
    .option('--event <types>', 'what it gets, between commas: job.completed, job.*, *', listed)
    .option('--description <text>', 'for people')
    .option('--from-file <json>', 'any settings of the API: JSON, @file, or - for standard input');
}

/** What a change changed, a line a member. */
function differences(before: Endpoint, after: Endpoint): readonly string[] {
  const old = before as Readonly<Record<string, unknown>>;
  return Object.entries(after)
    .filter(([name, value]) => name !== 'updated_at' && JSON.stringify(old[name]) !== JSON.stringify(value))
    .map(([name, value]) => `${name}: ${JSON.stringify(old[name])} → ${JSON.stringify(value)}`);
}
