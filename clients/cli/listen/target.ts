import { UsageError } from '../usage-error.ts';

/** Where requests are forwarded to, and by which name it is known where there are several. */
export interface Target {
  readonly name: string;
  readonly url: URL;
}

/** Where `listen` forwards to: `3000`, `3000/hook`, a host or a URL. @throws UsageError */
export function targetUrl(text: string, path = ''): URL {
  const whole = /^\d+(?:\/|\?|$)/.test(text) ? `http://localhost:${text}` : text;
  const withScheme = /^https?:\/\//.test(whole) ? whole : `http://${whole}`;
  if (!URL.canParse(withScheme)) throw new UsageError(`"${text}" is neither a port nor a URL.`);
  const url = new URL(withScheme);
  if (path !== '') url.pathname = `${url.pathname.replace(/\/$/, '')}/${path.replace(/^\//, '')}`;
  return url;
}

/** All targets of a command line; one without a name is the only one. @throws UsageError */
export function targetsOf(
  target: string | undefined,
  {
    forward = [],
    path,
  }: { readonly forward?: readonly string[] | undefined; readonly path?: string | undefined },
): readonly Target[] {
  const named = forward.map((text) => {
    const [, name, url] = /^([A-Za-z0-9_-]+)=(.+)$/.exec(text) ?? [];
    if (name === undefined || url === undefined) throw new UsageError('--forward takes name=URL.');
    return { name, url: targetUrl(url, path) };
  });
  const targets = target === undefined ? named : [{ name: '', url: targetUrl(target, path) }, ...named];
  if (targets.length === 0)
    throw new UsageError('Say where to forward to: a port, a URL, or --forward name=URL.');
  return targets;
}
