import { useState } from 'react';
import { PAGE } from '../../data/page.ts';
import { Page } from '../../parts/basics/page.tsx';
import { Views, viewClass } from '../../parts/data/list.tsx';
import { Echo } from './echo.tsx';
import { Verify } from './verify.tsx';

const PARTS = ['Verify a signature', 'Echo receivers'] as const;

/** What helps a receiver: which rule a signature breaks, and receivers that show what came. */
export function ToolsPage() {
  const [part, setPart] = useState<(typeof PARTS)[number]>('Verify a signature');
  return (
    <Page
      title="Tools"
      lead="Find out why a signature does not verify, and see requests arrive at the built-in receivers."
    >
      {PAGE.door === 'portal' ? null : (
        <Views>
          {PARTS.map((one) => (
            <button
              key={one}
              type="button"
              className={viewClass}
              aria-current={one === part ? 'true' : undefined}
              onClick={() => setPart(one)}
            >
              {one}
            </button>
          ))}
        </Views>
      )}
      {part === 'Verify a signature' ? <Verify /> : <Echo />}
    </Page>
  );
}
