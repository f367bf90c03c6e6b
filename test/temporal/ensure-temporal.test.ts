import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { createTemporalClient } from '../../src/temporal/connection.ts';
import { ensureTemporal, HOUSEKEEPING_SCHEDULE } from '../../src/temporal/ensure-temporal.ts';
import { EncryptingCodec } from '../../src/temporal/payload-codec.ts';
import { takeNamespace, temporalAddress } from '../support/runs/temporal.ts';

const namespace = takeNamespace();
const clients: Client[] = [];
afterAll(async () => {
  for (const { connection } of clients) await connection.close();
});

function clientWith(...keys: readonly Buffer[]): Client {
  const codec = keys.length === 0 ? null : new EncryptingCodec({ keys, namespace });
  const client = createTemporalClient({ address: temporalAddress(), namespace, codec });
  clients.push(client);
  return client;
}

async function argumentsSeenBy(client: Client): Promise<unknown> {
  const { action } = await client.schedule.getHandle(HOUSEKEEPING_SCHEDULE).describe();
  return 'args' in action ? action.args : null;
}

describe('ensureTemporal', () => {
  it('has the schedule carry what it is to remove, also once the codec is turned on, changed or off', async () => {
    const plain = clientWith();
    const [first, second] = [clientWith(randomBytes(32)), clientWith(randomBytes(32))];
    for (const [index, client] of [plain, first, second, plain, plain].entries()) {
      await ensureTemporal(client, { namespace, retentionDays: index + 1, auditRetentionDays: 365 });
      expect(await argumentsSeenBy(client)).toEqual([{ retentionDays: index + 1, auditRetentionDays: 365 }]);
    }
  });
});
