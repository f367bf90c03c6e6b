import { useSyncExternalStore } from 'react';
import { keepText, keptText } from './kept.ts';
import { PAGE } from './page.ts';

const TOKEN = 'posthorn.portal';

let isOver = false;
let token = PAGE.door === 'portal' ? keptText('tab', TOKEN) : null;
const listeners = new Set<() => void>();

/** The token of a portal, kept for this tab only: frames of other sites have no cookies to rely on. */
export function portalToken(): string | null {
  return token;
}

/** Keeps the token that a portal link was exchanged for. */
export function keepPortalToken(text: string): void {
  token = text;
  keepText('tab', TOKEN, text);
}

/** Says that the session is over: what is open stays as it is until somebody has signed in again. */
export function signedOut(): void {
  if (isOver) return;
  isOver = true;
  for (const listener of listeners) listener();
}

/** Says that a session has begun. */
export function signedIn(): void {
  isOver = false;
  for (const listener of listeners) listener();
}

/** Whether the session is over. */
export function useIsSignedOut(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isOver,
  );
}
