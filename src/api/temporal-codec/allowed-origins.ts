/** The two names under which a UI on this machine is opened. */
const LOOPBACK_NAMES = ['127.0.0.1', 'localhost'];

/**
 * The origins of the Temporal UI at this URL: one, or on loopback one for each of its usual names; none where it is
 * unknown.
 */
export function originsOf(uiUrl: string | null): readonly string[] {
  if (uiUrl === null) return [];
  const url = new URL(uiUrl);
  if (!LOOPBACK_NAMES.includes(url.hostname)) return [url.origin];
  return LOOPBACK_NAMES.map((hostname) => {
    url.hostname = hostname;
    return url.origin;
  });
}

/**
 * Headers by which a browser lets a page of an allowed origin read an answer, with its cookies (Fetch, CORS protocol);
 * none for others.
 */
export function corsHeaders(
  origin: string | undefined,
  allowed: readonly string[],
): Readonly<Record<string, string>> {
  if (origin === undefined || !allowed.includes(origin)) return { Vary: 'Origin' };
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    Vary: 'Origin',
  };
}
