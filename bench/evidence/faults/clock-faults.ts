import { during, type Fault, type FaultContext, pass, takeWorker } from '../fault.ts';
import { shiftedClock, whyNoShiftedClock } from '../shifted-clock.ts';

const OFFSETS = ['+1h', '-1h'] as const;

/** A worker whose clock is an hour ahead, then one an hour behind. */
export const clockShift: Fault = {
  name: 'clock',
  summary: 'one of two workers has a clock that is an hour ahead, then one that is an hour behind',
  missing: whyNoShiftedClock,
  async inject(context) {
    for (const offset of OFFSETS) await withOffset(context, offset);
  },
};

async function withOffset(context: FaultContext, offset: string): Promise<void> {
  const { workers, seconds, signal, startWorker } = context;
  const former = takeWorker(context);
  await former.process.stop();
  const shifted = await startWorker(shiftedClock(offset));
  await during(context, { fault: `clock ${offset}`, hits: [], reachMs: 0 }, async () => {
    await pass(seconds / OFFSETS.length, signal);
  });
  await shifted.process.stop();
  workers.push(await startWorker());
}
