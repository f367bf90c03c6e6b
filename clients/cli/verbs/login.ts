import { Posthorn } from '../../typescript/posthorn.ts';
import type { AddCommands } from '../call.ts';
import type { Io } from '../io.ts';
import { configPath, readConfigFile, writeConfigFile } from '../settings/config-file.ts';
import { UsageError } from '../usage-error.ts';

interface LoginOptions {
  readonly name?: string;
}

/** `posthorn login`, `logout` and `whoami`: which instance, with which key. */
export const addLogin: AddCommands = (program, handle) => {
  const login = program
    .command('login')
    .description(
      'keeps an instance and a key for it; the key is read from --key-file, standard input, or asked for',
    )
    .option('--name <profile>', 'under this name', 'default');
  handle<LoginOptions>(login, async ({ session, options: { name = 'default' } }) => {
    const { url, key: known } = session.access;
    const key = known ?? (await askForKey(session.io));
    await new Posthorn({ url, key, maxRetries: 1 }).api.GET('/v1/event-types', {
      params: { query: { limit: 1 } },
    });
    const config = readConfigFile(session.io);
    const profiles = { ...config.profiles, [name]: { url, key } };
    writeConfigFile(session.io, { current: name, profiles });
    session.output.note(
      `The profile ${name} for ${url} is kept in ${configPath(session.io)} and is the one in use.`,
    );
  });

  const logout = program
    .command('logout')
    .description('forgets a profile')
    .option('--name <profile>', 'this one; else the one in use');
  handle<LoginOptions>(logout, async ({ session, options }) => {
    const config = readConfigFile(session.io);
    const name = options.name ?? config.current;
    if (name === null || !Object.hasOwn(config.profiles, name))
      throw new UsageError('there is no such profile');
    const { [name]: _gone, ...profiles } = config.profiles;
    writeConfigFile(session.io, { current: config.current === name ? null : config.current, profiles });
    session.output.note(`The profile ${name} is forgotten.`);
  });

  handle(
    program.command('whoami').description('which instance and key are used, and why'),
    async ({ session }) => {
      const { url, key, source } = session.access;
      const shown = key === null ? null : `${key.slice(0, 8)}…`;
      const { output } = session;
      if (output.isJson) return output.write(`${JSON.stringify({ url, source, key: shown })}\n`);
      output.details({ url, source, key: shown }, [
        ['url', (one) => one.url],
        ['from', (one) => one.source],
        ['key', (one) => one.key],
      ]);
    },
  );
};

async function askForKey({ ask, readInput }: Io): Promise<string> {
  const text = ask === null ? (await readInput()).toString() : await ask('API key: ');
  if (text.trim() === '') throw new UsageError('give the key by --key-file or standard input');
  return text.trim();
}
