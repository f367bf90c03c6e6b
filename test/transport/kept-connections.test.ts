import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { DestinationRules } from '../../src/transport/destinations/destination-rules.ts';
import { createSender } from '../../src/transport/sender.ts';

const KEEP_ALIVE_MS = 100;
const ROUNDS = 12;
const SIDE_BY_SIDE = 10;

/** The small sister of `npm run soak -- receivers`. */
it('shows no failure where a receiver closes idle connections just when the next request comes', async () => {
  const server = createServer((request, response) => {
    // Node says how long it keeps a connection only where the answer does not speak of the connection itself.
    request.resume().once('end', () => response.writeHead(204, { connection: 'keep-alive' }).end());
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const sender = createSender({ rules: new DestinationRules({ allowed: ['127.0.0.1'] }) });
  const failed: unknown[] = [];
  const send = async (): Promise<void> => {
    const outcome = await sender.send({ url, headers: {}, body: '{}' }, { timeoutMs: 20_000 });
    if (outcome.errorCode !== null) failed.push(outcome);
  };

  for (let round = 0; round < ROUNDS; round += 1) {
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, send));
    // The distance is what is tested: from a little sooner than the receiver closes to a little later.
    await pause(KEEP_ALIVE_MS - ROUNDS / 2 + round);
  }

  expect(failed).toEqual([]);
  await sender.close();
  server.closeAllConnections();
  server.close();
});
