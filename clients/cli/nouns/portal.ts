import { Option } from 'commander';
import type { components } from '../../typescript/schema.ts';
import type { AddCommands } from '../call.ts';
import { PORTAL_LINK_COLUMNS } from '../columns.ts';
import { durationMs } from '../input/times.ts';
import { listedOf } from '../input/values.ts';
import { addPageOptions, type PageOptions, showList } from '../lists.ts';
import { present } from '../present.ts';
import { UsageError } from '../usage-error.ts';

type Capability = components['schemas']['PortalCapability'];

const CAPABILITIES = [
  'view',
  'test',
  'retry',
  'manage_endpoints',
  'secrets',
] as const satisfies readonly Capability[];

interface LinkOptions {
  readonly customer: string;
  readonly readOnly?: boolean;
  readonly capabilities?: readonly Capability[];
  readonly expires?: number;
  readonly theme?: 'auto' | 'light' | 'dark';
  readonly name?: string;
}

/** `posthorn portal`: links by which customers look after their own endpoints. */
export const addPortal: AddCommands = (program, handle) => {
  const portal = program
    .command('portal')
    .description('links by which customers look after their own endpoints');
  const link = portal
    .command('link')
    .description('makes a link that opens once, and shows it, this once')
    .requiredOption('--customer <id>', 'whose endpoints and deliveries it shows')
    .option('--read-only', 'shows, and changes nothing')
    .option(
      '--capabilities <words>',
      `what it allows, between commas: ${CAPABILITIES.join(', ')}`,
      listedOf(CAPABILITIES),
    )
    .option('--expires <duration>', 'how long it and what it begins lasts, such as 1h', durationMs)
    .addOption(new Option('--theme <theme>', 'how it looks').choices(['auto', 'light', 'dark']))
    .option('--name <text>', 'at the top of the page');
  handle<LinkOptions>(link, async ({ session, options }) => {
    const { customer, readOnly, capabilities, expires, theme, name } = options;
    if (readOnly === true && capabilities !== undefined)
      throw new UsageError('--read-only and --capabilities exclude each other.');
    const allowed = readOnly === true ? (['view'] as const) : capabilities;
    const body = {
      customer_id: customer,
      ...(allowed !== undefined && { capabilities: [...allowed] }),
      ...(expires !== undefined && { expires_in_seconds: Math.round(expires / 1_000) }),
      ...(theme !== undefined && { theme }),
      ...(name !== undefined && { name }),
    } as components['schemas']['NewPortalSession'];
    const made = present(await session.posthorn.api.POST('/v1/portal-sessions', { body }));
    const { output } = session;
    output.write(output.isJson ? `${session.lastText}\n` : `${made.url}\n`);
    output.note(
      `${made.id}  ${made.customer_id}  ${made.capabilities.join(',')}  expires ${made.expires_at}`,
    );
  });

  const list = portal.command('list').description('the newest links, those that are over too');
  handle<PageOptions>(addPageOptions(list), async ({ session, options }) => {
    await showList(session, '/v1/portal-sessions', { page: options, columns: PORTAL_LINK_COLUMNS });
  });

  const revoke = portal.command('revoke <id>').description('ends a link and what it began');
  handle(revoke, async ({ session, args: [id = ''] }) => {
    await session.confirm(`Revoke ${id}?`);
    await session.posthorn.api.DELETE('/v1/portal-sessions/{id}', { params: { path: { id } } });
    session.output.note(`${id} is revoked`);
  });
};
