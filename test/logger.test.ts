import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../src/logger.ts';

function lineOf(members: object): unknown {
  const lines: string[] = [];
  createLogger('info', { write: (line) => void lines.push(line) }).info(members, 'said');
  return JSON.parse(lines[0] ?? '');
}

describe('createLogger', () => {
  it('writes one JSON line with a time', () => {
    expect(lineOf({ delivery_id: 'del_1', attempt: 2, nothing: null })).toEqual({
      level: 30,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      delivery_id: 'del_1',
      attempt: 2,
      nothing: null,
      msg: 'said',
    });
  });

  const secrets: readonly (readonly [where: string, members: object])[] = [
    ['at the top', { secret: 's3cret' }],
    ['in an object', { endpoint: { id: 'ep_1', secrets: ['s3cret'] } }],
    ['in an object of an object', { request: { headers: { authorization: 'Bearer s3cret' } } }],
    ['in settings', { config: { masterKeys: 's3cret', databaseUrl: 'postgres://s3cret@host' } }],
  ];

  it.each(secrets)('writes no secret %s', (_where, members) => {
    expect(JSON.stringify(lineOf(members))).not.toContain('s3cret');
    expect(JSON.stringify(lineOf(members))).toContain('[redacted]');
  });

  it('leaves alone what is no plain object', () => {
    const at = new Date(0);
    expect(lineOf({ at, list: [1, 2] })).toMatchObject({ at: at.toISOString(), list: [1, 2] });
  });
});

describe('createProcessLogger', () => {
  /** No timer comes due meanwhile. */
  const BE_STUCK = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000);';
  const LOGGER = JSON.stringify(new URL('../dist/src/logger.js', import.meta.url).href);

  function programOf(script: string): string {
    return `import { createProcessLogger } from ${LOGGER};
      const logger = createProcessLogger('info');
      ${script}`;
  }

  function saidBy(script: string): readonly string[] {
    const program = `import { createProcessLogger } from ${LOGGER};
      const logger = createProcessLogger('info');
      ${script}`;
    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    return stderr
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => (JSON.parse(line) as { msg: string }).msg);
  }

  it.each([
    ['when the process ends', `logger.info('one'); logger.info('two'); process.exit(0);`, ['one', 'two']],
    ['when it is ended by an error', `logger.info('one'); setImmediate(() => { throw 0; });`, ['one']],
    [
      'at once with a warning',
      `logger.info('one'); logger.warn('two'); ${BE_STUCK} process.kill(process.pid, 9);`,
      ['one', 'two'],
    ],
    ['soon', `logger.info('one'); setTimeout(() => process.kill(process.pid, 9), 500);`, ['one']],
  ])('has written everything %s', (_when, script, said) => {
    expect(saidBy(script).slice(0, said.length)).toEqual(said);
  });

  it('goes on where nobody reads what it says any more', async () => {
    const script = `let turns = 0;
      setInterval(() => {
        for (let line = 0; line < 100; line += 1) logger.info('one');
        if (++turns === 100) process.exit(7);
      }, 10);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', programOf(script)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await once(child.stderr, 'data');
    child.stderr.destroy();

    expect(await once(child, 'exit')).toEqual([7, null]);
  });
});
