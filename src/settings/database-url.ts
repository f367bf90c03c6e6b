/**
 * The servers that a connection URL of Postgres names, in its order, with a URL for each: several stand between commas,
 * as in `postgres://a:5432,b:5432/posthorn`.
 */
export function serverUrlsOf(databaseUrl: string): readonly string[] {
  const parts = /^([a-z]+:\/\/(?:[^/?#]*@)?)([^@/?#]*,[^@/?#]*)((?:[/?#].*)?)$/s.exec(databaseUrl);
  if (parts === null) return [databaseUrl];
  const [, before = '', servers = '', after = ''] = parts;
  return servers.split(',').map((server) => `${before}${server}${after}`);
}

/**
 * Whether a text is a whole connection URL of Postgres: what is left of one with a raw `#` or `/` in a password is
 * another.
 */
export function isDatabaseUrl(text: string): boolean {
  return (
    /^postgres(ql)?:\/\//.test(text) &&
    serverUrlsOf(text).every((url) => URL.canParse(url) && new URL(url).hash === '')
  );
}

/** Whether a connection URL asks for a server that can be written to, or for none in particular. */
export function asksForPrimary(databaseUrl: string): boolean {
  const [first = ''] = serverUrlsOf(databaseUrl);
  if (!URL.canParse(first)) return true;
  const wanted = new URL(first).searchParams.get(TARGET) ?? 'any';
  return ['any', 'primary', 'read-write'].includes(wanted);
}

const TARGET = 'target_session_attrs';
