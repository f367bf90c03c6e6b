import type { LinkState } from '../../stage/link.ts';
import { during, type Fault, type FaultContext, pass } from '../fault.ts';
import type { LinkName } from '../scene.ts';

/** What goes wrong on each link, one after another. */
const TROUBLES: readonly (readonly [name: string, state: LinkState])[] = [
  ['slow', { kind: 'slow', delayMs: 40 }],
  ['cut', { kind: 'cut' }],
  ['silent', { kind: 'silent' }],
];

/** Late, broken and silent connections to Postgres. */
export const networkPostgres: Fault = networkFault('postgres', 'Postgres');

/** Likewise to Temporal. */
export const networkTemporal: Fault = networkFault('temporal', 'Temporal');

/** Likewise to receivers. */
export const networkReceiver: Fault = networkFault('receiver', 'receivers');

function networkFault(link: LinkName, whom: string): Fault {
  return {
    name: `network-${link}`,
    summary: `what goes to ${whom} and back is late by 40 ms, is reset, is swallowed in silence`,
    async inject(context) {
      for (const [trouble, state] of TROUBLES)
        await disturb(context, { link, fault: `${whom}: ${trouble}`, state });
    },
  };
}

async function disturb(
  context: FaultContext,
  { link, fault, state }: { readonly link: LinkName; readonly fault: string; readonly state: LinkState },
): Promise<void> {
  const share = context.seconds / TROUBLES.length;
  await during(context, { fault }, async () => {
    context.links[link].become(state);
    await pass(share / 2, context.signal).finally(() => context.links[link].become({ kind: 'sound' }));
  });
  await pass(share / 2, context.signal);
}
