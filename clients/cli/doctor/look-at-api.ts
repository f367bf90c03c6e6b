import { lookup } from 'node:dns/promises';
import { reasonOf } from '../output/failure.ts';
import { VERSION } from '../version.ts';
import { type Check, type Finding, failed, ok } from './finding.ts';

/** The longest that a look waits for an answer. */
export const ANSWER_PATIENCE_MS = 10_000;

/** Whether the name of the API resolves. */
export const lookAtName: Check = async ({ access }) => {
  const host = new URL(access.url).hostname.replace(/^\[|\]$/g, '');
  try {
    const { address } = await lookup(host);
    return [ok('dns', `${host} is ${address}`)];
  } catch (error) {
    const remedy = `Mend the name in the URL, which comes from ${access.source}, or the resolver of this machine.`;
    return [failed('dns', reasonOf(error), remedy)];
  }
};

/** Whether it is Posthorn that answers, of a version that this command line is made for. */
export const lookAtApi: Check = async ({ access, io }) => {
  const signal = AbortSignal.any([io.signal, AbortSignal.timeout(ANSWER_PATIENCE_MS)]);
  try {
    const live = await fetch(`${access.url}/v1/health/live`, { signal, redirect: 'error' });
    const { version } = (await live.json()) as { readonly version?: unknown };
    if (typeof version !== 'string') return [notPosthorn(access.url)];
    return [
      ok('api', `${access.url} is Posthorn ${version} (from ${access.source})`),
      versionFinding(version, VERSION),
    ];
  } catch (error) {
    if (error instanceof SyntaxError) return [notPosthorn(access.url)];
    const remedy =
      `Start it (npm start), or name another: --api-url, POSTHORN_URL. This URL ` +
      `comes from ${access.source}.`;
    return [failed('api', `${access.url}: ${reasonOf(error)}`, remedy)];
  }
};

/** Versions fit up to the first number that is not 0, which changes with what breaks others (semver.org). */
export function versionFinding(api: string, own: string): Finding {
  if (seriesOf(api) === seriesOf(own)) return ok('version', `${own} fits the API’s ${api}`);
  const remedy = `Install the command line of Posthorn ${api}: npm run packages in a clone of that version builds it.`;
  return failed('version', `${own} is not made for the API’s ${api}`, remedy);
}

function seriesOf(version: string): string {
  const [major = '', minor = ''] = version.split('.');
  return major === '0' ? `0.${minor}` : major;
}

function notPosthorn(url: string): Finding {
  return failed(
    'api',
    `What answers at ${url} is no Posthorn.`,
    'Name the URL without /v1, as npm start prints it.',
  );
}
