import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { present } from '../../data/search.ts';
import { Page } from '../../parts/basics/page.tsx';
import { AuditList } from '../../parts/data/audit-list.tsx';
import { FilterBar, FilterText, Views, viewClass } from '../../parts/data/list.tsx';
import { About } from './about.tsx';
import { ApiKeys } from './api-keys.tsx';
import { Destinations } from './destinations.tsx';
import { MasterKey } from './master-key.tsx';
import { PortalLinks } from './portal-links.tsx';
import { Sessions } from './sessions.tsx';

const route = getRouteApi('/settings/$tab');

const TABS: readonly { readonly tab: string; readonly text: string; readonly content: () => ReactNode }[] = [
  { tab: 'keys', text: 'API keys', content: () => <ApiKeys /> },
  { tab: 'portal', text: 'Portal links', content: () => <PortalLinks /> },
  { tab: 'sessions', text: 'Sessions', content: () => <Sessions /> },
  { tab: 'destinations', text: 'Destinations', content: () => <Destinations /> },
  { tab: 'master-key', text: 'Master key', content: () => <MasterKey /> },
  { tab: 'audit', text: 'Audit log', content: () => <Audit /> },
  { tab: 'about', text: 'About', content: () => <About /> },
];

/** What the operator alone sets: who may do what, where deliveries may go, and what was changed. */
export function SettingsPage() {
  const { tab } = route.useParams();
  const shown = TABS.find((one) => one.tab === tab) ?? TABS[0];
  return (
    <Page title={shown?.text ?? 'Settings'}>
      <Views>
        {TABS.map((one) => (
          <Link
            key={one.tab}
            to="/settings/$tab"
            params={{ tab: one.tab }}
            className={viewClass}
            activeOptions={{ exact: true, includeSearch: false }}
          >
            {one.text}
          </Link>
        ))}
      </Views>
      {shown?.content()}
    </Page>
  );
}

function Audit() {
  const { action, subject_id, customer_id } = route.useSearch();
  const navigate = route.useNavigate();
  const set = (part: { readonly action?: string | undefined; readonly subject_id?: string | undefined }) =>
    void navigate({ search: (before) => present({ ...before, ...part }) });
  return (
    <>
      <FilterBar>
        <FilterText label="Action" value={action} onChange={(text) => set({ action: text })} />
        <FilterText label="Subject" value={subject_id} onChange={(text) => set({ subject_id: text })} />
      </FilterBar>
      <AuditList filter={{ action, subject_id, customer_id }} />
    </>
  );
}
