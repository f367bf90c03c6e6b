import { REPLAYABLE } from '../postgres/statuses.ts';

/** SQL: whether a replay may come to the ended delivery `d` yet; what it passed already, its cursor tells. */
export const IS_AWAITED = `d.status IN (${REPLAYABLE}) AND EXISTS (
    SELECT FROM replay_endpoints s JOIN replays r ON r.id = s.replay_id
    WHERE s.endpoint_id = d.endpoint_id AND s.cursor < d.id AND r.status = 'running'
      AND d.status = CASE r.kind WHEN 'missed' THEN 'skipped' WHEN 'deliveries' THEN d.status ELSE 'dead' END)`;
