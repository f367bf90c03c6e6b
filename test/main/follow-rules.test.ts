import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '../../src/logger.ts';
import { followRules, type RuleFollower } from '../../src/main/follow-rules.ts';
import { DestinationRuleStore } from '../../src/storage/operator/destination-rule-store.ts';
import { DestinationRules } from '../../src/transport/destinations/destination-rules.ts';
import { OwnSocketList } from '../../src/transport/destinations/own-sockets.ts';
import { createSender, type Sender } from '../../src/transport/sender.ts';
import { eventually } from '../support/eventually.ts';
import { type Receiver, startReceiver } from '../support/receivers/receiver.ts';
import { openStorage, type StorageUnderTest } from '../support/storage/storage.ts';

const lookup = async () => ['127.0.0.1'];
const NOTHING = { allowed: [], denied: [], ports: [], hosts: [] };

let storage: StorageUnderTest;
let receiver: Receiver;
let sender: Sender;
let following: RuleFollower;
beforeAll(async () => {
  storage = await openStorage();
  receiver = await startReceiver();
});
afterAll(async () => {
  await sender.close();
  following.close();
  await receiver.close();
  await storage.close();
});

describe('followRules', () => {
  it('honours what another process stores, also on connections that are kept', async () => {
    const store = new DestinationRuleStore(storage.database);
    const rules = new DestinationRules({});
    const outgoing = { rules, lookup, ownSockets: new OwnSocketList(lookup) };
    following = followRules({ store, outgoing, logger: createLogger('silent') });
    sender = createSender(outgoing);
    const url = `http://receiver.example:${receiver.port}/`;
    const send = async () => await sender.send({ url, headers: {}, body: '' }, { timeoutMs: 20_000 });
    await following.ready;
    expect(await send()).toMatchObject({ errorCode: 'destination_not_allowed' });

    await store.replace({ ...NOTHING, allowed: ['127.0.0.0/8'] });
    await eventually(async () => (await send()).statusCode === 204);
    expect(await send()).toMatchObject({ statusCode: 204, timings: { connectMs: null } });

    await store.replace({ ...NOTHING, allowed: ['127.0.0.0/8'], denied: ['receiver.example'] });
    await eventually(async () => (await send()).errorCode === 'destination_not_allowed');
  });
});
