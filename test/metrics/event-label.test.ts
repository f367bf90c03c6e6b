import { describe, expect, it } from '@jest/globals';
import { eventLabelOf } from '../../src/metrics/event-label.ts';

describe('eventLabelOf', () => {
  it('names the first two hundred event types, and always the built-in ones', () => {
    const labels = new Set(Array.from({ length: 500 }, (_, index) => eventLabelOf(`order.kind_${index}`)));
    expect(labels).toContain('other');
    expect(labels.size).toBe(200 - 6 + 1);
    expect(eventLabelOf('order.kind_0')).toBe('order.kind_0');
    expect(eventLabelOf('job.completed')).toBe('job.completed');
  });
});
