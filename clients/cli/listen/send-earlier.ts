import type { components } from '../../typescript/schema.ts';
import type { Session } from '../session.ts';

/** Whose earlier events a listener gets, and of which types. */
export interface EarlierEvents {
  readonly listenerId: string;
  /** Null or undefined: of everybody that the key sees. */
  readonly customerId: string | null | undefined;
  readonly events: readonly string[];
  /** RFC 3339. */
  readonly since: string;
}

const MOST = 1_000;

/** Sends a new listener what was accepted before there was one, the oldest first. @returns how many events */
export async function sendEarlier(session: Session, earlier: EarlierEvents): Promise<number> {
  const { posthorn } = session;
  const { listenerId, customerId, events, since } = earlier;
  const optIn = new Set<string>();
  for await (const type of posthorn.list('/v1/event-types')) if (type.opt_in) optIn.add(type.name);
  const query = { after: since, ...(typeof customerId === 'string' && { customer_id: customerId }) };
  const found: components['schemas']['Event'][] = [];
  for await (const event of posthorn.list('/v1/events', { query })) {
    if (!events.some((entry) => selects(entry, event.event, optIn))) continue;
    found.push(event);
    if (found.length === MOST) break;
  }
  for (const { id } of found.toReversed())
    await posthorn.api.POST('/v1/events/{id}/send', {
      params: { path: { id } },
      body: { endpoint_id: listenerId },
    });
  return found.length;
}

function selects(entry: string, event: string, optIn: ReadonlySet<string>): boolean {
  if (entry === event) return true;
  if (optIn.has(event)) return false;
  return entry === '*' || (entry.endsWith('.*') && event.startsWith(entry.slice(0, -1)));
}
