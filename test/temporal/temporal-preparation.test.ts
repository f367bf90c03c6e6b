import { describe, expect, it } from '@jest/globals';
import { TemporalPreparation } from '../../src/temporal/temporal-preparation.ts';

/** A preparation, and a Temporal that the test takes away and brings back. */
function preparationOf() {
  const temporal = { answers: true, outages: 0, prepared: 0, refuses: false };
  const preparation = new TemporalPreparation(
    {
      get outages() {
        return temporal.outages;
      },
      probe: async () => temporal.answers,
    },
    async () => {
      temporal.prepared += 1;
      if (temporal.refuses) throw new Error('PERMISSION_DENIED');
    },
  );
  return { preparation, temporal };
}

describe('TemporalPreparation', () => {
  it('prepares once while Temporal stays', async () => {
    const { preparation, temporal } = preparationOf();
    await preparation.ensure();
    await preparation.ensure();
    expect(temporal.prepared).toBe(1);
  });

  it('does nothing while Temporal is away, and prepares again when it is back', async () => {
    const { preparation, temporal } = preparationOf();
    await preparation.ensure();
    temporal.answers = false;
    temporal.outages += 1;
    await preparation.ensure();
    expect(temporal.prepared).toBe(1);
    temporal.answers = true;
    await preparation.ensure();
    expect(temporal.prepared).toBe(2);
  });

  it('prepares again where somebody else saw that Temporal was away between two looks', async () => {
    const { preparation, temporal } = preparationOf();
    await preparation.ensure();
    temporal.outages += 1;
    await preparation.ensure();
    expect(temporal.prepared).toBe(2);
  });

  it('throws where preparing fails, and tries again', async () => {
    const { preparation, temporal } = preparationOf();
    temporal.refuses = true;
    await expect(preparation.ensure()).rejects.toThrow('PERMISSION_DENIED');
    temporal.refuses = false;
    await preparation.ensure();
    await preparation.ensure();
    expect(temporal.prepared).toBe(2);
  });
});
