import type { PoolClient } from 'pg';
import { type DataFilter, passesFilter } from '../../domain/data-filter.ts';
import type { EndpointStatus } from '../../domain/endpoint.ts';
import { filterEntriesSelecting } from '../../domain/event-filter.ts';
import { isOperationalEvent } from '../../domain/operational-event.ts';
import { Pace } from '../../loop-turns.ts';
import type { DraftEvent } from './new-event.ts';

/** What publish needs to know of an endpoint that an event goes to. */
export interface MatchedEndpoint {
  readonly id: string;
  readonly customerId: string | null;
  readonly status: EndpointStatus;
  readonly gateIsOpen: boolean;
  /** Whether nobody drains its shut gate, so that the gate's workflow has to be woken. */
  readonly needsWake: boolean;
  /** Whether each delivery has its place in line. */
  readonly ordered: boolean;
  readonly url: string;
}

/** An endpoint, and which of the drafts it subscribes to by their positions. */
interface MatchRow extends MatchedEndpoint {
  readonly positions: readonly number[];
  readonly filter: DataFilter | null;
}

/** A draft and an endpoint that is to get it. */
export interface Match {
  readonly draft: DraftEvent;
  readonly endpoint: MatchedEndpoint;
}

/**
 * Every pair of a draft and an endpoint that is to get it, in the order of the drafts. Operational events go to the
 * operator's endpoints only, whatever customers' endpoints subscribe to, and never to the endpoint that they are about.
 */
export async function matchEndpoints(
  client: PoolClient,
  drafts: readonly DraftEvent[],
): Promise<readonly Match[]> {
  if (drafts.length === 0) return [];
  const { rows } = await client.query<MatchRow>({
    name: 'match-endpoints',
    text: MATCH_SQL,
    values: [matchInput(drafts)],
  });
  const matches = drafts.map((): Match[] => []);
  const pace = new Pace();
  for (const { positions, filter, ...endpoint } of rows) {
    if (pace.isSliceUsedUp()) await pace.rest();
    for (const position of positions) {
      const draft = drafts[position];
      if (draft !== undefined && passes(draft, filter)) matches[position]?.push({ draft, endpoint });
    }
  }
  return matches.flat();
}

/** Tests and what Posthorn tells of itself pass every filter. */
function passes({ test, event, searchTokens = [] }: DraftEvent, filter: DataFilter | null): boolean {
  return test !== undefined || isOperationalEvent(event) || passesFilter(filter, searchTokens);
}

const COLUMNS = 'e.id, e.customer_id, e.status, e.url, e.ordered, e.filter';
const SUBSCRIBES = "e.deleted_at IS NULL AND e.events && string_to_array(i.selecting, ' ')";

/**
 * Way by way, and each by itself (`OFFSET 0`), so that each finds its few endpoints by index however many there are: a
 * plan made while there were few would read all of them for each draft. A row an endpoint: a large batch has many times
 * more pairs, which take long to be read.
 */
const MATCH_SQL = `
  WITH input AS (
    SELECT * FROM json_to_recordset($1::json) AS i(position integer, customer_id text, selecting text,
      only_endpoint text,
      is_operational boolean, about text)),
  matched AS (
    SELECT i.position, m.* FROM input i CROSS JOIN LATERAL (
      SELECT ${COLUMNS} FROM endpoints e WHERE e.customer_id = i.customer_id AND ${SUBSCRIBES} OFFSET 0) m
    WHERE i.only_endpoint IS NULL AND i.is_operational IS NOT TRUE
    UNION ALL
    SELECT i.position, m.* FROM input i CROSS JOIN LATERAL (
      SELECT ${COLUMNS} FROM endpoints e WHERE e.customer_id IS NULL AND ${SUBSCRIBES} OFFSET 0) m
    WHERE i.only_endpoint IS NULL AND (i.is_operational IS NOT TRUE OR m.id IS DISTINCT FROM i.about)
    UNION ALL
    SELECT i.position, m.* FROM input i CROSS JOIN LATERAL (
      SELECT ${COLUMNS} FROM endpoints e WHERE e.customer_id IS NOT NULL AND ${SUBSCRIBES} OFFSET 0) m
    WHERE i.customer_id IS NULL AND i.only_endpoint IS NULL AND i.is_operational IS NOT TRUE
    UNION ALL
    SELECT i.position, m.* FROM input i CROSS JOIN LATERAL (
      SELECT ${COLUMNS} FROM endpoints e
      WHERE e.id = i.only_endpoint AND CASE WHEN e.deleted_at IS NULL THEN true ELSE false END OFFSET 0) m
    WHERE i.only_endpoint IS NOT NULL)
  SELECT m.positions, m.id, m.customer_id AS "customerId", m.status, m.url, m.ordered, m.filter,
    g.is_open AS "gateIsOpen", g.needs_wake AND NOT g.is_open AND m.status = 'enabled' AS "needsWake"
  FROM (
    SELECT array_agg(position) AS positions, id, customer_id, status, url, ordered, filter FROM matched
    GROUP BY id, customer_id, status, url, ordered, filter) m
  JOIN gates g ON g.endpoint_id = m.id
  ORDER BY m.id`;

function matchInput(drafts: readonly DraftEvent[]): string {
  return JSON.stringify(
    drafts.map((draft, position) => ({
      position,
      customer_id: draft.customerId,
      selecting: filterEntriesSelecting(draft.event, { optIn: draft.optIn }).join(' '),
      only_endpoint: draft.test?.endpointId ?? null,
      ...(isOperationalEvent(draft.event) && { is_operational: true, about: endpointIn(draft) }),
    })),
  );
}

/** Whom an operational event is about; all of them say so. */
function endpointIn({ dataText }: DraftEvent): unknown {
  const { endpoint_id }: { readonly endpoint_id?: unknown } = JSON.parse(dataText);
  return endpoint_id;
}
