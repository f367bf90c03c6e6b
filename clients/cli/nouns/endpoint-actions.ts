import type { Command } from 'commander';
import type { components } from '../../typescript/schema.ts';
import type { Handle } from '../call.ts';
import { EXIT } from '../exit-codes.ts';
import { pastTime } from '../input/times.ts';
import { readJson } from '../input/values.ts';
import type { Column } from '../output/output.ts';
import { present } from '../present.ts';
import { type Counted, countedText } from './counted.ts';
import { watchReplay } from './watch-replay.ts';

type Endpoint = components['schemas']['Endpoint'];

interface TestOptions {
  readonly event?: string;
  readonly data?: string;
}

interface RecoverOptions {
  readonly since?: string;
  readonly until?: string;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
}

/** Adds what can be done to an endpoint. */
export function addEndpointActions(
  endpoints: Command,
  handle: Handle,
  columns: readonly Column<Endpoint>[],
): void {
  addSwitches(endpoints, handle, columns);
  addTests(endpoints, handle);
  addRecovery(endpoints, handle);
}

function addSwitches(endpoints: Command, handle: Handle, columns: readonly Column<Endpoint>[]): void {
  const told = [
    ['pause', 'holds back what comes, until resume'],
    ['disable', 'switches it off: what comes is skipped'],
  ] as const;
  for (const [verb, description] of told) {
    const command = endpoints.command(`${verb} <id>`).description(description);
    command.option('--reason <text>', 'why, for everybody who sees the endpoint');
    handle<{ readonly reason?: string }>(
      command,
      async ({ session, args: [id = ''], options: { reason } }) => {
        const request = { params: { path: { id } }, body: reason === undefined ? {} : { reason } };
        session.show(
          present(await session.posthorn.api.POST(`/v1/endpoints/{id}/${verb}`, request)),
          columns,
        );
      },
    );
  }
  const silent = [
    ['resume', 'lets go what was held back, and probes an open breaker'],
    ['enable', 'switches it on'],
    ['verify', 'sends the challenge of the ownership check once more'],
  ] as const;
  for (const [verb, description] of silent) {
    handle(
      endpoints.command(`${verb} <id>`).description(description),
      async ({ session, args: [id = ''] }) => {
        const answer = await session.posthorn.api.POST(`/v1/endpoints/{id}/${verb}`, {
          params: { path: { id } },
        });
        if (session.output.isJson) session.output.write(`${session.lastText}\n`);
        else session.output.note(`${id}: ${verb} is done`);
        present<unknown>(answer);
      },
    );
  }
}

function addTests(endpoints: Command, handle: Handle): void {
  const test = endpoints
    .command('test <id>')
    .description('sends a test event and shows what the endpoint answered')
    .option('--event <type>', 'of this type')
    .option('--data <json>', 'with this data: JSON, @file, or - for standard input');
  handle<TestOptions>(test, async ({ session, args: [id = ''], options }) => {
    const { event } = options;
    const data = options.data === undefined ? undefined : await readJson(session.io, options.data, '--data');
    const body = {
      ...(event !== undefined && { event }),
      ...(data !== undefined && { data: data as Record<string, unknown> }),
    };
    const answer = await session.posthorn.api.POST('/v1/endpoints/{id}/test', {
      params: { path: { id } },
      body,
    });
    const result = present(answer);
    session.show(result, [
      ['delivery', (one) => one.delivery_id],
      ['status', (one) => one.status],
      ['code', (one) => one.attempt?.status_code],
      ['duration', (one) => one.attempt && `${one.attempt.duration_ms} ms`],
      ['error', (one) => one.attempt?.error_code],
      ['advice', (one) => one.attempt?.advice],
    ]);
    return result.status === 'dead' ? EXIT.failed : EXIT.done;
  });

  const stats = endpoints
    .command('stats <id>')
    .description('success rates and latencies of the last 24 hours');
  handle(stats, async ({ session, args: [id = ''] }) => {
    const params = { path: { id }, query: { window: '24h' as const } };
    session.show(present(await session.posthorn.api.GET('/v1/endpoints/{id}/stats', { params })), [
      ['attempts', (one) => one.attempts.total],
      ['succeeded', (one) => one.attempts.succeeded],
      ['p50', (one) => one.latency_ms.p50],
      ['p99', (one) => one.latency_ms.p99],
      ['held', (one) => one.held],
      ['waiting', (one) => one.waiting],
    ]);
  });
}

function addRecovery(endpoints: Command, handle: Handle): void {
  const recover = endpoints
    .command('recover <id>')
    .description('delivers what was skipped while the endpoint was disabled')
    .option('--since <time>', 'published then or later: RFC 3339, or 24h', pastTime)
    .option('--until <time>', 'published before', pastTime)
    .option('--dry-run', 'only count it')
    .option('--no-wait', 'do not watch how it goes on');
  handle<RecoverOptions>(recover, async ({ session, args: [id = ''], options }) => {
    const { since, until, dryRun } = options;
    const filter = {
      ...(since !== undefined && { after: since }),
      ...(until !== undefined && { before: until }),
    };
    const send = async (body: object) =>
      present(
        await session.posthorn.api.POST('/v1/endpoints/{id}/recover', { params: { path: { id } }, body }),
      );
    const counted = (await send({ filter, dry_run: true })) as Counted;
    if (dryRun === true) {
      session.show(counted, [['count', countedText]]);
      return EXIT.done;
    }
    await session.confirm(`${countedText(counted)} deliveries were skipped. Deliver them?`);
    const begun = (await send({ filter })) as { readonly id?: string; readonly replay_id?: string };
    const replay = begun.replay_id ?? begun.id ?? '';
    session.output.write(session.output.isJson ? `${session.lastText}\n` : `${replay}\n`);
    return options.wait === false ? EXIT.done : await watchReplay(session, replay);
  });
}
