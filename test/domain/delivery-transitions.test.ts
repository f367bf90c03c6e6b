import { describe, expect, it } from '@jest/globals';
import { DELIVERY_STATUSES, ENDED_STATUSES, OPEN_STATUSES } from '../../src/domain/delivery.ts';
import { DELIVERY_TRANSITIONS } from '../../src/domain/delivery-transitions.ts';

const rows = Object.entries(DELIVERY_TRANSITIONS);

describe('DELIVERY_TRANSITIONS', () => {
  it('knows every state as open or ended', () => {
    expect([...OPEN_STATUSES, ...ENDED_STATUSES].sort()).toEqual([...DELIVERY_STATUSES].sort());
  });

  it('lets nothing leave what was cancelled but a late success, and retention', () => {
    const ways = rows.filter(([, row]) => !['same', 'refused'].includes(row.cancelled));
    expect(ways.map(([event]) => event)).toEqual(['succeeded', 'outlived']);
  });

  it('removes nothing that is open', () => {
    for (const status of OPEN_STATUSES)
      expect(rows.filter(([, row]) => String(row[status]) === 'removed')).toEqual([]);
  });

  it.each(OPEN_STATUSES)('leads from %s to an end', (status) => {
    const seen = new Set<string>([status]);
    for (const from of seen)
      for (const [, row] of rows) seen.add(Object.entries(row).find(([name]) => name === from)?.[1] ?? from);
    expect(seen).toContain('delivered');
    expect(seen).toContain('dead');
  });
});
