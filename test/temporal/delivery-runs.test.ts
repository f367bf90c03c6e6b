import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import type { DeliveryStart } from '../../src/domain/delivery-start.ts';
import { createLogger } from '../../src/logger.ts';
import { newId } from '../../src/new-id.ts';
import { createTemporalClient, IN_CLEAR } from '../../src/temporal/connection.ts';
import { DeliveryRuns } from '../../src/temporal/delivery-runs.ts';
import { addSearchAttributes } from '../../src/temporal/ensure-temporal.ts';
import { TemporalDoor } from '../../src/temporal/temporal-door.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/messages.ts';
import { takeNamespace, temporalAddress } from '../support/runs/temporal.ts';

const namespace = takeNamespace();
const address = temporalAddress();

let client: Client;
let runs: DeliveryRuns;
beforeAll(async () => {
  client = createTemporalClient({ address, namespace, credentials: IN_CLEAR });
  await addSearchAttributes(client, { namespace, names: SEARCH_ATTRIBUTES.map((key) => key.name) });
  const logger = createLogger('silent');
  const door = new TemporalDoor(client, { place: { address, namespace }, logger });
  runs = new DeliveryRuns({ door, namespace, uiUrl: null, findStart: async () => null, logger });
});
afterAll(async () => await client.connection.close());

function startOf(customerId: string | null): DeliveryStart {
  return {
    deliveryId: newId('del'),
    eventId: newId('evt'),
    event: 'job.completed',
    endpointId: newId('ep'),
    customerId,
    host: 'hooks.example.com',
    attemptsMade: 0,
    dueInMs: 0,
    mark: null,
  };
}

async function describeRun({ deliveryId }: DeliveryStart) {
  return await client.workflow.getHandle(deliveryId).describe();
}

describe('DeliveryRuns', () => {
  it.each([
    ['a digest of its id', 'acme', expect.stringMatching(/^[\w-]{43}$/)],
    [
      'a digest that is as long of an id that is longer than servers take',
      'ä'.repeat(33),
      expect.stringMatching(/^[\w-]{43}$/),
    ],
    ['nothing where there is none', null, undefined],
  ])('has the runs of a customer shared out under %s', async (_what, customerId, key) => {
    const start = startOf(customerId);
    await runs.start(start);
    expect((await describeRun(start)).priority?.fairnessKey || undefined).toEqual(key);
  });

  it('starts anew at once what was closed a moment ago, with a server’s default settings', async () => {
    const start = startOf('acme');
    await runs.start(start);
    const { runId: first } = await describeRun(start);
    await client.workflow.getHandle(start.deliveryId).terminate();
    await runs.start(start);
    const { runId, status } = await describeRun(start);
    expect({ isAnother: runId !== first, status: status.name }).toEqual({
      isAnother: true,
      status: 'RUNNING',
    });
  });
});
