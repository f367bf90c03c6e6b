import { parseArgs } from 'node:util';
import { readConfig } from '../../config.ts';
import { createLogger } from '../../logger.ts';
import { type HeldCustomer, RestoredHold } from '../../storage/gates/restored-hold.ts';
import { openDatabase } from '../../storage/postgres/database.ts';
import { describeFailure } from '../describe-failure.ts';

const USAGE = `usage: posthorn restored, with DATABASE_URL, before any worker runs on a database that was restored

  hold                  pauses every endpoint, and says what is held
  list                  says what is held, by customer
  release <customer…>   lets the deliveries of these customers go, under the ids that they have
  release --all         those of everybody
`;

/** Runs `posthorn restored`: holds what a restored database believes to be open until somebody has looked. */
export async function holdRestored(args: readonly string[]): Promise<void> {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { all: { type: 'boolean' } },
    });
    const [verb = '', ...customers] = positionals;
    const isWhole =
      verb === 'hold' || verb === 'list' || (verb === 'release' && (values.all || customers.length > 0));
    if (isWhole) process.stdout.write(await act(verb, values.all === true ? null : customers));
    else {
      process.stderr.write(USAGE);
      process.exitCode = 2;
    }
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exitCode = 1;
  }
}

async function act(verb: string, customers: readonly string[] | null): Promise<string> {
  const { databaseUrl } = readConfig('migrate');
  const database = openDatabase(databaseUrl ?? '', { logger: createLogger('silent'), maxConnections: 2 });
  try {
    const held = new RestoredHold(database);
    if (verb === 'release') return `released ${await held.release(customers)} endpoints\n`;
    if (verb === 'hold') await held.hold('the database was restored');
    return describe(await held.list());
  } finally {
    await database.close();
  }
}

function describe(held: readonly HeldCustomer[]): string {
  if (held.length === 0) return 'nothing is held\n';
  const lines = held.map(
    ({ customerId, endpoints, deliveries }) =>
      `  ${customerId ?? '(operator)'}: ${deliveries} open deliveries to ${endpoints} endpoints`,
  );
  return ['held since the database was restored:', ...lines, ''].join('\n');
}
