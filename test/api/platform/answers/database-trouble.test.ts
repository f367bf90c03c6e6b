import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { causeText, DatabaseTrouble } from '../../../../src/api/platform/answers/database-trouble.ts';
import { createLogger } from '../../../../src/logger.ts';
import { startApi } from '../../../support/api/api.ts';
import { fillDisk } from '../../../support/rows/tables.ts';

const lines: string[] = [];
const logger = createLogger('info', { write: (line: string) => void lines.push(line) });

function linesWith(text: string): Record<string, unknown>[] {
  return lines.filter((line) => line.includes(text)).map((line) => JSON.parse(line));
}

beforeEach(() => {
  lines.length = 0;
});

describe('an API whose database has no room left', () => {
  it('says why once, and in the line of every request that it refuses', async () => {
    const api = await startApi({ instead: { logger } });
    await fillDisk(api.database.pool);
    const event = { event: 'job.completed', customer_id: 'acme', data: {} };
    for (let request = 0; request < 3; request += 1) {
      const refused = await api.operator('POST', '/v1/events', event);
      expect(refused).toMatchObject({ status: 503, body: { code: 'database_unavailable' } });
      expect(JSON.stringify(refused.body)).not.toContain('No space');
    }
    const reason = '53100: could not extend file: No space left on device';
    expect(linesWith('requests are refused')).toMatchObject([
      { level: 40, code: 'database_unavailable', reason },
    ]);
    const health = await api.operator('GET', '/v1/health/ready');
    expect(health.body.reasons).toContainEqual(expect.objectContaining({ code: 'database_refuses' }));
    await api.close();
    const requests = linesWith('"request"').filter(({ status }) => status === 503);
    expect(requests.map((line) => line.reason)).toEqual([reason, reason, reason]);
  });
});

describe('DatabaseTrouble', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const problem = { code: 'database_unavailable', cause: new Error('gone') } as const;

  it('says once that it is over, with how many were refused', () => {
    const trouble = new DatabaseTrouble(logger);
    trouble.note(problem);
    jest.advanceTimersByTime(9_000);
    trouble.note(problem);
    jest.advanceTimersByTime(9_000);
    expect(linesWith('any more')).toEqual([]);
    jest.advanceTimersByTime(1_000);
    expect(linesWith('any more')).toMatchObject([{ level: 30, reason: 'gone', refused: 2, for_ms: 9_000 }]);
    trouble.note(problem);
    expect(linesWith('requests are refused')).toHaveLength(2);
    trouble.onModuleDestroy();
  });

  it('has nothing to say of other problems', () => {
    const trouble = new DatabaseTrouble(logger);
    trouble.note({ code: 'not_found', cause: undefined });
    expect(lines).toEqual([]);
  });
});

describe('causeText', () => {
  it.each([
    [Object.assign(new Error('too many clients'), { code: '53300' }), '53300: too many clients'],
    [
      new Error('cannot connect', { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) }),
      'ECONNREFUSED: refused',
    ],
    [new Error('timed out'), 'timed out'],
    ['text', 'text'],
  ])('of %s is %s', (cause, text) => {
    expect(causeText(cause)).toBe(text);
  });
});
