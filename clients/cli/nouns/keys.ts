import { KEY_SCOPES, type KeyScope } from '../../typescript/key-scopes.ts';
import type { components } from '../../typescript/schema.ts';
import type { AddCommands } from '../call.ts';
import { KEY_COLUMNS } from '../columns.ts';
import { futureTime } from '../input/times.ts';
import { listed, listedOf, wholeFrom } from '../input/values.ts';
import { addPageOptions, type PageOptions, showList } from '../lists.ts';
import { present } from '../present.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';
import { rotateMasterKey } from './master-key.ts';

type CreatedKey = components['schemas']['CreatedApiKey'];

interface NewKeyOptions {
  readonly customer?: string;
  readonly operator?: boolean;
  readonly name?: string;
  readonly scopes?: readonly KeyScope[];
  readonly expires?: string;
  readonly from?: readonly string[];
}

/** `posthorn keys`: who may use the API, and the key that encrypts what is secret. */
export const addKeys: AddCommands = (program, handle) => {
  const keys = program.command('keys').description('who may use the API');
  const create = keys
    .command('create')
    .description('makes a key and shows it, this once')
    .option('--customer <id>', 'a key of this customer')
    .option('--operator', 'a key that sees everything')
    .option('--name <text>', 'what it is for')
    .option(
      '--scopes <scopes>',
      `what it may do, between commas: ${KEY_SCOPES.join(', ')}`,
      listedOf(KEY_SCOPES),
    )
    .option('--expires <time>', 'refused from then on: RFC 3339, or 30d', futureTime)
    .option('--from <cidrs>', 'usable from these addresses only', listed);
  handle<NewKeyOptions>(create, async ({ session, options }) => {
    const { customer, operator, name = '', scopes, expires, from } = options;
    if ((customer === undefined) === (operator !== true))
      throw new UsageError('say whose key it is: either --customer or --operator');
    const body = {
      customer_id: customer ?? null,
      name,
      ...(scopes !== undefined && { scopes: [...scopes] }),
      ...(expires !== undefined && { expires_at: expires }),
      ...(from !== undefined && { allowed_cidrs: [...from] }),
    };
    announce(session, present(await session.posthorn.api.POST('/v1/api-keys', { body })));
  });

  const list = keys
    .command('list')
    .description('the newest keys, revoked ones too')
    .option('--customer <id>', 'of this customer');
  handle<PageOptions & { readonly customer?: string }>(addPageOptions(list), async ({ session, options }) => {
    const query = options.customer === undefined ? {} : { customer_id: options.customer };
    await showList(session, '/v1/api-keys', { query, page: options, columns: KEY_COLUMNS });
  });

  const rotate = keys
    .command('rotate <id>')
    .description('gives a key a new text and shows it, this once')
    .option('--overlap <seconds>', 'how long the old text works on', wholeFrom(0), 0);
  handle<{ readonly overlap: number }>(rotate, async ({ session, args: [id = ''], options }) => {
    const request = { params: { path: { id } }, body: { overlap_seconds: options.overlap } };
    announce(session, present(await session.posthorn.api.POST('/v1/api-keys/{id}/rotate', request)));
  });

  const revoke = keys.command('revoke <id>').description('refuses a key from the next request on');
  handle(revoke, async ({ session, args: [id = ''] }) => {
    await session.confirm(`Revoke ${id}?`);
    await session.posthorn.api.DELETE('/v1/api-keys/{id}', { params: { path: { id } } });
    session.output.note(`${id} is revoked`);
  });

  handle(
    keys
      .command('rotate-master')
      .description('re-encrypts what is secret with the first key of POSTHORN_MASTER_KEY'),
    async ({ session }) => await rotateMasterKey(session),
  );
};

/** The text of the key is the data, for scripts; what it is goes beside it. */
function announce(session: Session, key: CreatedKey): void {
  const { output } = session;
  if (output.isJson) {
    output.write(`${session.lastText}\n`);
    return;
  }
  output.write(`${key.key}\n`);
  output.note('This is the only time that the key is shown.');
  const { id, customer_id, scopes, expires_at } = key;
  output.note(`${id}  ${customer_id ?? '(operator)'}  ${scopes.join(',')}  expires ${expires_at ?? 'never'}`);
}
