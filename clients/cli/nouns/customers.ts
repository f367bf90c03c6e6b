import { PosthornProblem } from '../../typescript/problem.ts';
import type { components } from '../../typescript/schema.ts';
import type { AddCommands } from '../call.ts';
import { CUSTOMER_COLUMNS } from '../columns.ts';
import { readMember, repeated, wholeOrNone } from '../input/values.ts';
import { addPageOptions, type PageOptions, showList } from '../lists.ts';
import type { Column } from '../output/output.ts';
import { present } from '../present.ts';
import type { Session } from '../session.ts';

type Schemas = components['schemas'];
type Limit = number | 'none';

interface FactOptions {
  readonly name?: string;
  readonly metadata?: readonly string[];
  readonly maxEndpoints?: Limit;
  readonly maxKeys?: Limit;
  readonly requestsPerMinute?: Limit;
}

const DETAIL_COLUMNS: readonly Column<Schemas['Customer']>[] = [
  ...CUSTOMER_COLUMNS,
  ['metadata', (one) => JSON.stringify(one.metadata)],
  ['most endpoints', (one) => one.limits.max_endpoints],
  ['most keys', (one) => one.limits.max_keys],
  ['requests a minute', (one) => one.limits.requests_per_minute],
];

/** `posthorn customers`: whose events and endpoints there are. */
export const addCustomers: AddCommands = (program, handle) => {
  const customers = program.command('customers').description('whose events and endpoints there are');
  const list = customers
    .command('list')
    .description('the newest customers, also those that were never registered')
    .option('--id <id>', 'only this one');
  handle<PageOptions & { readonly id?: string }>(addPageOptions(list), async ({ session, options }) => {
    const query = options.id === undefined ? {} : { id: options.id };
    await showList(session, '/v1/customers', { query, page: options, columns: CUSTOMER_COLUMNS });
  });

  handle(
    customers.command('get <id>').description('a customer with limits and what there is of them'),
    async ({ session, args: [id = ''] }) => {
      const customer = present(
        await session.posthorn.api.GET('/v1/customers/{id}', { params: { path: { id } } }),
      );
      session.show(customer, [
        ...(DETAIL_COLUMNS as readonly Column<Schemas['CustomerDetail']>[]),
        ['endpoints', (one) => one.usage.endpoints],
        ['keys', (one) => one.usage.api_keys],
      ]);
    },
  );

  const put = customers
    .command('put <id>')
    .description('registers a customer, or changes what is given here and leaves the rest')
    .option('--name <text>', 'for people')
    .option('--metadata <member=value>', 'in place of all that there is; repeatable', repeated)
    .option('--max-endpoints <n>', 'the most endpoints, or none for the installation’s', wholeOrNone)
    .option('--max-keys <n>', 'the most API keys, or none likewise', wholeOrNone)
    .option(
      '--requests-per-minute <n>',
      'of all keys together, 0 without limit, or none likewise',
      wholeOrNone,
    );
  handle<FactOptions>(put, async ({ session, args: [id = ''], options }) => {
    const body = factsOf(await existing(session, id), options);
    const request = { params: { path: { id } }, body };
    session.show(present(await session.posthorn.api.PUT('/v1/customers/{id}', request)), DETAIL_COLUMNS);
  });

  const remove = customers
    .command('delete <id>')
    .description('erases a customer, with endpoints, keys and everything that events of theirs carried');
  handle(remove, async ({ session, args: [id = ''] }) => {
    await session.confirm(`Erase ${id} and everything of theirs, for good?`);
    const answer = await session.posthorn.api.DELETE('/v1/customers/{id}', { params: { path: { id } } });
    session.show(present(answer), DETAIL_COLUMNS);
    session.output.note(`${id} is being erased; until that is done nothing is accepted for them`);
  });
};

async function existing(session: Session, id: string): Promise<Schemas['Customer'] | null> {
  try {
    return present(await session.posthorn.api.GET('/v1/customers/{id}', { params: { path: { id } } }));
  } catch (error) {
    if (error instanceof PosthornProblem && error.status === 404) return null;
    throw error;
  }
}

/** The API takes all facts at once: what is not given here stays as it is. */
function factsOf(before: Schemas['Customer'] | null, options: FactOptions): Schemas['CustomerFacts'] {
  const { name, metadata, maxEndpoints, maxKeys, requestsPerMinute } = options;
  const given = {
    ...(maxEndpoints !== undefined && { max_endpoints: limitOf(maxEndpoints) }),
    ...(maxKeys !== undefined && { max_keys: limitOf(maxKeys) }),
    ...(requestsPerMinute !== undefined && { requests_per_minute: limitOf(requestsPerMinute) }),
  };
  return {
    name: name ?? before?.name ?? '',
    metadata:
      metadata === undefined ? (before?.metadata ?? {}) : Object.fromEntries(metadata.map(readMember)),
    limits: { ...before?.limits, ...given },
  };
}

function limitOf(given: Limit): number | null {
  return given === 'none' ? null : given;
}
