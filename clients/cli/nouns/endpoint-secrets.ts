import type { Command } from 'commander';
import type { Handle } from '../call.ts';
import { readBytes, wholeFrom } from '../input/values.ts';
import type { Column } from '../output/output.ts';
import { present } from '../present.ts';

interface Numbered {
  readonly number: number;
}

interface RotateOptions {
  readonly secretFile?: string;
  readonly overlap?: number;
}

/** Adds `posthorn endpoints secret`: what signs an endpoint's deliveries. */
export function addEndpointSecrets(endpoints: Command, handle: Handle): void {
  const secret = endpoints.command('secret').description('what signs an endpoint’s deliveries');
  handle(
    secret.command('show <id>').description('the live secrets; it stands in the audit log'),
    async ({ session, args: [id = ''] }) => {
      const { secrets } = present(
        await session.posthorn.api.GET('/v1/endpoints/{id}/secret', { params: { path: { id } } }),
      );
      if (session.output.isJson) session.output.write(`${session.lastText}\n`);
      else
        session.output.table(secrets, [
          ['number', (one) => one.number],
          ['secret', (one) => one.secret],
        ]);
    },
  );

  const rotate = secret
    .command('rotate <id>')
    .description('makes a new secret; the old one stays live for the overlap')
    .option('--secret-file <file>', 'a secret of your own')
    .option('--overlap <seconds>', 'how long the old ones stay live; a day where absent', wholeFrom(0));
  handle<RotateOptions>(rotate, async ({ session, args: [id = ''], options: { secretFile, overlap } }) => {
    const own = secretFile === undefined ? undefined : readBytes(session.io, secretFile).toString().trim();
    const body = {
      ...(own !== undefined && { secret: own }),
      ...(overlap !== undefined && { overlap_seconds: overlap }),
    } as { secret?: string; overlap_seconds: number };
    const answer = await session.posthorn.api.POST('/v1/endpoints/{id}/secret/rotate', {
      params: { path: { id } },
      body,
    });
    session.show(present(answer), [
      ['secret', (one) => one.secret],
      ['number', (one) => one.number],
      ['overlap ends', (one) => one.overlap_ends_at],
    ]);
  });

  handle(
    secret
      .command('promote <id>')
      .description('has the newest secret sign alone where there is room for one'),
    async ({ session, args: [id = ''] }) => {
      const answer = await session.posthorn.api.POST('/v1/endpoints/{id}/secret/promote', {
        params: { path: { id } },
      });
      session.show(present(answer), LIVE);
    },
  );

  const revoke = secret.command('revoke <id>').description('ends all secrets but the newest');
  handle(revoke, async ({ session, args: [id = ''] }) => {
    await session.confirm(`End all secrets of ${id} but the newest?`);
    const request = { params: { path: { id } }, body: {} };
    session.show(present(await session.posthorn.api.POST('/v1/endpoints/{id}/secret/revoke', request)), LIVE);
  });
}

const LIVE: readonly Column<{ readonly secrets: readonly Numbered[] }>[] = [
  ['live secrets', ({ secrets }) => secrets.map(({ number }) => number).join(', ')],
];
