import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { applyTheme, keptTheme } from './app/theme.ts';
import './styles/tokens.css';
import './styles/base.css';
import { ApiProblem } from './data/problem.ts';

const STALE_MS = 2_000;
const MOST_RETRIES = 2;

applyTheme(keptTheme());

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: STALE_MS,
      // What the API refuses it refuses again; what did not come may come.
      retry: (count, error) =>
        count < MOST_RETRIES && !(error instanceof ApiProblem && error.status < 500 && error.status !== 0),
    },
  },
});
const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
createRoot(root).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={client}>
        <App />
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
