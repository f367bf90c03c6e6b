import { Context } from '@temporalio/activity';
import type { Logger } from '../src/logger.ts';
import type { Retention, Swept } from '../src/storage/upkeep/retention.ts';

const NOTHING: Swept = {
  expired: 0,
  deliveries: 0,
  events: 0,
  uids: 0,
  batches: 0,
  replays: 0,
  idempotencyKeys: 0,
  secrets: 0,
  versions: 0,
  auditEntries: 0,
};

export interface SweepInput {
  readonly retentionDays: number;
  readonly auditRetentionDays: number;
}

/** Removes what ended longer ago than the retention, a thousand rows at a time, until nothing is left to remove. */
export function createSweep(retention: Retention, logger: Logger): (input: SweepInput) => Promise<Swept> {
  return async function sweep({ retentionDays, auditRetentionDays }) {
    let total = NOTHING;
    for (;;) {
      const swept = await retention.sweep(retentionDays, auditRetentionDays);
      total = sum(total, swept);
      Context.current().heartbeat(total);
      if (Object.values(swept).every((count) => count === 0)) break;
    }
    logger.info({ ...total, retention_days: retentionDays }, 'housekeeping');
    return total;
  };
}

function sum(left: Swept, right: Swept): Swept {
  return {
    expired: left.expired + right.expired,
    deliveries: left.deliveries + right.deliveries,
    events: left.events + right.events,
    uids: left.uids + right.uids,
    batches: left.batches + right.batches,
    replays: left.replays + right.replays,
    idempotencyKeys: left.idempotencyKeys + right.idempotencyKeys,
    secrets: left.secrets + right.secrets,
    versions: left.versions + right.versions,
    auditEntries: left.auditEntries + right.auditEntries,
  };
}
