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
