import { describe, expect, it } from '@jest/globals';
import { type DatabaseServer, PrimarySearch } from '../../../src/storage/postgres/primary-search.ts';

type Standing = 'primary' | 'standby' | 'away';

function serverAt(port: number): DatabaseServer {
  return { connectionString: `postgres://db:${port}/posthorn`, host: 'db', port };
}

/** Two servers that stand so, and which of them were asked. */
function searchAmong(standings: Standing[]) {
  const asked: number[] = [];
  const search = new PrimarySearch([serverAt(0), serverAt(1)], async ({ port }) => {
    asked.push(port);
    if (standings[port] === 'away') throw new Error('connection refused');
    return standings[port] === 'primary';
  });
  return { asked, search };
}

describe('PrimarySearch', () => {
  it.each<[Standing, Standing, number]>([
    ['primary', 'standby', 0],
    ['standby', 'primary', 1],
    ['away', 'primary', 1],
    ['primary', 'away', 0],
  ])('finds the primary of one that is %s and one that is %s', async (first, second, port) => {
    expect((await searchAmong([first, second]).search.find()).port).toBe(port);
  });

  it('asks the former primary first, and goes to the other after a failover', async () => {
    const standings: Standing[] = ['standby', 'primary'];
    const { asked, search } = searchAmong(standings);
    await search.find();
    await search.find();
    expect(asked).toEqual([0, 1, 1]);
    standings.splice(0, 2, 'primary', 'away');
    expect((await search.find()).port).toBe(0);
    expect(asked).toEqual([0, 1, 1, 1, 0]);
  });

  it('looks once for whoever asks at the same time', async () => {
    const { asked, search } = searchAmong(['standby', 'primary']);
    await Promise.all([search.find(), search.find(), search.find()]);
    expect(asked).toEqual([0, 1]);
  });

  it('says of each server why it is not the one', async () => {
    await expect(searchAmong(['standby', 'away']).search.find()).rejects.toMatchObject({
      code: 'database_unavailable',
      message: 'no server is primary: db:0 is a standby; db:1 does not answer (connection refused)',
    });
  });
});
