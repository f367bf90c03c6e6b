import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EndpointStore } from '../../../src/storage/endpoints/endpoint-store.ts';
import { MasterKeyHolders } from '../../../src/storage/sealed/master-key-holders.ts';
import { SecretBox } from '../../../src/storage/sealed/secret-box.ts';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { type Replica, startReplica } from '../../support/api/replica.ts';
import { forgetMasterKeys } from '../../support/rows/empty.ts';
import { spoilSecrets } from '../../support/rows/endpoints.ts';
import { newMasterKey } from '../../support/storage/master-key.ts';
import { newEndpoint } from '../../support/storage/storage.ts';
import { createCli } from './run.ts';

let api: ApiUnderTest;
let replica: Replica;
beforeAll(async () => {
  api = await startApi();
  const secretBox = new SecretBox([newMasterKey(), ...api.dependencies.config.masterKeys]);
  replica = await startReplica(api, { secretBox });
});
afterAll(async () => {
  await replica.close();
  await api.close();
});
beforeEach(async () => {
  await forgetMasterKeys(api.database.pool);
});

async function create(count: number): Promise<void> {
  const store = new EndpointStore(api.database, api.secretBox);
  await Promise.all(Array.from({ length: count }, async () => await store.create(newEndpoint())));
}

async function rotateMaster() {
  const cli = createCli({ POSTHORN_URL: replica.url, POSTHORN_API_KEY: api.adminKey });
  const { exitCode, out, err } = await cli.run(['keys', 'rotate-master']);
  cli.remove();
  return { exitCode, out, lines: err.trimEnd().split('\n'), text: out + err };
}

describe('posthorn keys rotate-master', () => {
  it('re-encrypts everything, shows how far it is, and can be repeated', async () => {
    await create(300);
    const first = await rotateMaster();
    expect(first.exitCode).toBe(0);
    expect(first.lines).toEqual([
      expect.stringMatching(/^master key [0-9a-f]{16}: 300 endpoints to look at$/),
      '250 of 300 endpoints: 250 re-encrypted, 0 were current already',
      '300 of 300 endpoints: 300 re-encrypted, 0 were current already',
      expect.stringMatching(/^No other master key is needed/),
    ]);
    expect(first.out).toBe('300 re-encrypted, 0 were current already\n');
    const again = await rotateMaster();
    expect([again.exitCode, again.text]).toEqual([
      0,
      expect.stringContaining('0 re-encrypted, 300 were current'),
    ]);
  });

  it('has nothing to do without endpoints', async () => {
    expect(await rotateMaster()).toMatchObject({
      exitCode: 0,
      text: expect.stringContaining('0 re-encrypted'),
    });
  });

  it('names what does not open, and fails', async () => {
    await create(2);
    await spoilSecrets(api.database.pool);
    const { exitCode, text } = await rotateMaster();
    expect(exitCode).toBe(7);
    expect(text).toMatch(/but 2 do not open .*\n {2}ep_\w+ secret 1\n {2}ep_\w+ secret 1\nAdd the key/);
  });

  it('does not begin while a process seals with another key', async () => {
    await create(1);
    const process = { name: 'worker 7 on b', keyIds: ['00'] };
    await new MasterKeyHolders(api.database).announce('w', process);
    const { exitCode, text } = await rotateMaster();
    expect([exitCode, text]).toEqual([5, expect.stringContaining('worker 7 on b')]);
    expect(text).not.toContain('Broken off');
  });
});
