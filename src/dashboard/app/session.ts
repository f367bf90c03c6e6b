import { answerOf, api } from '../data/api.ts';
import { forgetTab } from '../data/kept.ts';
import { PAGE } from '../data/page.ts';
import { keepPortalToken, signedIn } from '../data/sign-in-state.ts';
import type { Scope, SessionCaller } from '../data/types.ts';
import { useQuery } from '../data/use-query.ts';

/** A session that was ended elsewhere ends on the page, too, whatever that shows. */
const SESSION_MS = 5_000;

/** Who has signed in, and what they may do: the API decides, the page only leaves out what it would refuse. */
export function useCaller(): SessionCaller | undefined {
  return useQuery({
    queryKey: ['session'],
    queryFn: () => answerOf(api.GET('/v1/session')),
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: SESSION_MS,
    retry: false,
  }).data;
}

/** Whether whoever has signed in may do what this scope allows. */
export function useMay(scope: Scope): boolean {
  return useCaller()?.scopes.includes(scope) ?? false;
}

/** Begins a session by a key. @throws ApiProblem */
export async function signInByKey(key: string): Promise<void> {
  await answerOf(api.POST('/v1/session', { headers: { Authorization: `Bearer ${key}` } }));
  signedIn();
}

/**
 * Takes the one-time code out of the fragment of the address, so that it stands in no history; null where there is
 * none.
 */
export function takeCode(): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get('code');
  if (code !== null) history.replaceState(null, '', location.pathname + location.search);
  return code;
}

/** Begins the session that a link stands for. @throws ApiProblem */
export async function signInByCode(code: string): Promise<void> {
  const { token } = await answerOf(api.POST('/v1/session/exchange', { body: { code } }));
  if (token !== null && PAGE.door === 'portal') keepPortalToken(token);
  signedIn();
}

/** Ends the session for good. */
export async function signOut(): Promise<void> {
  await answerOf(api.DELETE('/v1/session')).catch(() => undefined);
  forgetTab();
  location.reload();
}
