import { useQueryClient } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { PAGE } from '../data/page.ts';
import { portalToken, useIsSignedOut } from '../data/sign-in-state.ts';
import { router } from './router.tsx';
import { signInByCode, takeCode, useCaller } from './session.ts';
import { SignIn } from './sign-in.tsx';
import { applyTheme } from './theme.ts';

// Taken when the page is loaded, before anything could show or keep it.
const code = takeCode();
const exchange = code === null ? null : signInByCode(code);

/** Signs in where that is needed, and shows the pages; these stay as they are when the session ends meanwhile. */
export function App() {
  const [isReady, setReady] = useState(exchange === null);
  const [linkError, setLinkError] = useState<unknown>(null);
  useEffect(() => {
    exchange?.catch(setLinkError).finally(() => setReady(true));
  }, []);
  return isReady ? <Door linkError={linkError} /> : null;
}

function Door({ linkError }: { readonly linkError: unknown }) {
  const isSignedOut = useIsSignedOut() || (PAGE.door === 'portal' && portalToken() === null);
  const client = useQueryClient();
  const [hasShown, setShown] = useState(false);
  return (
    <>
      {isSignedOut && !hasShown ? null : <Pages onShown={() => setShown(true)} />}
      {isSignedOut ? (
        <SignIn linkError={linkError} isOver={hasShown} onSignedIn={() => void client.invalidateQueries()} />
      ) : null}
    </>
  );
}

function Pages({ onShown }: { readonly onShown: () => void }) {
  const caller = useCaller();
  const theme = caller?.portal?.theme;
  useEffect(() => {
    if (caller !== undefined) onShown();
    if (theme !== undefined) applyTheme(theme);
  }, [caller, theme, onShown]);
  return caller === undefined ? null : <RouterProvider router={router} />;
}
