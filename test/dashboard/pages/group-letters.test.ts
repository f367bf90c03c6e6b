import { describe, expect, it } from '@jest/globals';
import type { DeadLetter } from '../../../src/dashboard/data/types.ts';
import { groupLetters } from '../../../src/dashboard/pages/dead-letters/group-letters.ts';

function letter(endpoint: string, code: string, finishedAt: string): DeadLetter {
  const members = { endpoint_id: endpoint, last_error_code: code, finished_at: finishedAt };
  return { ...members, reason: 'retries_exhausted', advice: null, created_at: finishedAt } as DeadLetter;
}

describe('groupLetters', () => {
  it('groups by endpoint and code, the largest first, with the oldest and the newest of each', () => {
    const groups = groupLetters([
      letter('ep_1', 'http_503', '2030-01-02T00:00:00Z'),
      letter('ep_2', 'timeout', '2030-01-05T00:00:00Z'),
      letter('ep_2', 'timeout', '2030-01-03T00:00:00Z'),
      letter('ep_2', 'http_503', '2030-01-04T00:00:00Z'),
      letter('ep_2', 'timeout', '2030-01-04T00:00:00Z'),
    ]);
    expect(groups.map(({ endpointId, errorCode, seen }) => [endpointId, errorCode, seen])).toEqual([
      ['ep_2', 'timeout', 3],
      ['ep_1', 'http_503', 1],
      ['ep_2', 'http_503', 1],
    ]);
    expect(groups[0]).toMatchObject({ oldest: '2030-01-03T00:00:00Z', newest: '2030-01-05T00:00:00Z' });
  });
});
