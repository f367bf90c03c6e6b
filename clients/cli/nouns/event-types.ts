import { PosthornProblem } from '../../typescript/problem.ts';
import type { AddCommands } from '../call.ts';
import { EVENT_TYPE_COLUMNS } from '../columns.ts';
import { readJson } from '../input/values.ts';
import { addPageOptions, type PageOptions, showList } from '../lists.ts';
import { present } from '../present.ts';
import { UsageError } from '../usage-error.ts';

interface TypeOptions {
  readonly description?: string;
  readonly schema?: string;
  readonly broadcast?: boolean;
  readonly optIn?: boolean;
}

/** `posthorn event-types`: the catalogue. */
export const addEventTypes: AddCommands = (program, handle) => {
  const types = program.command('event-types').description('the catalogue of what can happen');
  handle<PageOptions>(
    addPageOptions(types.command('list').description('the catalogue')),
    async ({ session, options }) => {
      await showList(session, '/v1/event-types', { page: options, columns: EVENT_TYPE_COLUMNS });
    },
  );

  handle(
    types.command('get <name>').description('a type with its schema'),
    async ({ session, args: [name = ''] }) => {
      const answer = await session.posthorn.api.GET('/v1/event-types/{name}', { params: { path: { name } } });
      session.show(present(answer), [...EVENT_TYPE_COLUMNS, ['schema', (one) => JSON.stringify(one.schema)]]);
    },
  );

  const put = types
    .command('put <name>')
    .description('registers a type, or changes its description and schema')
    .option('--description <text>', 'what it tells')
    .option('--schema <json>', 'JSON Schema of its data: JSON, @file, or - for standard input')
    .option('--broadcast', 'may be sent to every customer; for a new type')
    .option('--opt-in', 'no wildcard includes it; for a new type');
  handle<TypeOptions>(put, async ({ session, args: [name = ''], options }) => {
    const { description, broadcast, optIn } = options;
    const schema =
      options.schema === undefined ? undefined : await readJson(session.io, options.schema, '--schema');
    if (schema !== undefined && (typeof schema !== 'object' || Array.isArray(schema)))
      throw new UsageError('--schema must be a JSON object, or null for none');
    const change = {
      ...(description !== undefined && { description }),
      ...(schema !== undefined && { schema: schema as Record<string, unknown> | null }),
    };
    const { api } = session.posthorn;
    const path = { name };
    const isKnown = await api.GET('/v1/event-types/{name}', { params: { path } }).then(() => true, isAbsent);
    const answer = isKnown
      ? await api.PATCH('/v1/event-types/{name}', { params: { path }, body: change })
      : await api.POST('/v1/event-types', {
          body: {
            name,
            description: '',
            schema: null,
            broadcast: broadcast === true,
            opt_in: optIn === true,
            ...change,
          },
        });
    session.show(present(answer), EVENT_TYPE_COLUMNS);
  });

  const remove = types.command('delete <name>').description('removes a type');
  handle(remove, async ({ session, args: [name = ''] }) => {
    await session.confirm(`Delete the type ${name}?`);
    await session.posthorn.api.DELETE('/v1/event-types/{name}', { params: { path: { name } } });
    session.output.note(`${name} is deleted`);
  });
};

function isAbsent(error: unknown): false {
  if (error instanceof PosthornProblem && error.status === 404) return false;
  throw error;
}
