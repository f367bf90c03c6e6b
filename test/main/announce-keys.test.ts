import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PRODUCTION_TIMING } from '../../src/domain/timing.ts';
import { createLogger } from '../../src/logger.ts';
import { announceKeys } from '../../src/main/announce-keys.ts';
import { warnOfMissingKeys } from '../../src/main/warn-of-missing-keys.ts';
import { MasterKeyHolders } from '../../src/storage/sealed/master-key-holders.ts';
import { MasterKeyRotation } from '../../src/storage/sealed/master-key-rotation.ts';
import { eventually } from '../support/eventually.ts';
import { newSecretBox } from '../support/storage/master-key.ts';
import { openStorage, type StorageUnderTest } from '../support/storage/storage.ts';

let storage: StorageUnderTest;
beforeAll(async () => {
  storage = await openStorage();
});
afterAll(async () => await storage.close());

function capturingLogger() {
  const lines: string[] = [];
  return { lines, logger: createLogger('info', { write: (line) => void lines.push(line) }) };
}

describe('announceKeys', () => {
  it('tells which keys the process has until it ends, and warns of processes that lack the first', async () => {
    const holders = new MasterKeyHolders(storage.database);
    await holders.announce('other', { name: 'worker 7 on b', keyIds: ['aa'] });
    const { lines, logger } = capturingLogger();
    const announcement = announceKeys({
      role: 'api',
      keyIds: ['bb', 'aa'],
      holders,
      timing: PRODUCTION_TIMING,
      logger,
    });
    await eventually(() => lines.length > 0);
    expect(await holders.list()).toContainEqual({
      name: expect.stringMatching(/^api \d+ on ./),
      keyIds: ['bb', 'aa'],
    });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 40,
      master_key_id: 'bb',
      processes: ['worker 7 on b'],
    });
    await announcement.close();
    expect((await holders.list()).map(({ name }) => name)).toEqual(['worker 7 on b']);
  });
});

describe('warnOfMissingKeys', () => {
  it('says what cannot be opened, and nothing where all can', async () => {
    await storage.endpoint();
    const { lines, logger } = capturingLogger();
    await warnOfMissingKeys(new MasterKeyRotation(storage.database, storage.secretBox), logger);
    expect(lines).toEqual([]);
    const stranger = new MasterKeyRotation(storage.database, newSecretBox());
    await warnOfMissingKeys(stranger, logger);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 50,
      master_key_ids: [storage.secretBox.keyIds[0]],
      values: 1,
    });
  });
});
