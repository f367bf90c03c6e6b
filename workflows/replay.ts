import {
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  setWorkflowOptions,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { ReplaySlice } from '../activities/replay.ts';
import { durationText } from '../src/domain/duration-text.ts';
import type { ReplayCounts } from '../src/domain/replay.ts';
import { PRODUCTION_TIMING } from '../src/domain/timing.ts';
import { goOn, isTimeToGoOn, pinnedWhereVersioned } from './go-on.ts';
import { cancelSignal, progressQuery, type ReplayInput, type ReplayProgress } from './messages.ts';

const { replay: release } = proxyActivities<Pick<Activities, 'replay'>>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: PRODUCTION_TIMING.drainSilenceMs,
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
});
const { cancelReplay } = proxyActivities<Pick<Activities, 'cancelReplay'>>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
});

const MAX_SLICES = 200;
/** How long a run waits for the server to grant the cancellation it asked for itself. */
const CANCEL_GRANT = '1 minute';

/**
 * Sends dead letters, or what an endpoint missed, once more, a little at a time so that live deliveries come first.
 * What belongs to it and how far it is stands in Postgres; this run has it done, waits until all of it has ended, and
 * tells.
 */
export async function replay(input: ReplayInput): Promise<string> {
  const run = new ReplayRun(input);
  setHandler(cancelSignal, run.askCancel, {
    description: 'Release nothing more, and take back what was not attempted. No argument needed.',
  });
  setHandler(progressQuery, run.progress, { description: 'How far it is, in deliveries.' });
  try {
    return await run.untilOver();
  } catch (error) {
    if (isCancellation(error)) await run.recordCancellation();
    throw error;
  }
}

// It goes on anew every few minutes, and so never meets code of another version.
setWorkflowOptions(pinnedWhereVersioned, replay);

class ReplayRun {
  readonly #replayId: string;
  readonly #input: ReplayInput;
  #counts: ReplayCounts | null = null;
  #status: ReplayProgress['status'] = 'releasing';
  #slices = 0;
  #waits = 0;

  constructor(input: ReplayInput) {
    this.#input = input;
    this.#replayId = input.replayId;
  }

  /** Not to be cut short by the very cancellation that it asks for. */
  readonly askCancel = async (): Promise<void> => {
    await CancellationScope.nonCancellable(async () => await this.#cancel({ closeRun: true }));
  };

  readonly progress = (): ReplayProgress => ({
    replay_id: this.#replayId,
    status: this.#status,
    total: this.#counts?.total ?? this.#input.total,
    released: this.#counts?.released ?? 0,
    delivered: this.#counts?.delivered ?? 0,
    dead: this.#counts?.dead ?? 0,
    remaining: this.#counts?.remaining ?? this.#input.total,
  });

  async untilOver(): Promise<string> {
    for (;;) {
      const slice = await this.#release();
      if (slice.kind === 'over') return await this.#close(slice.status);
      if (slice.kind === 'waiting') await this.#sleep(slice.waitMs);
      if (this.#slices < MAX_SLICES && !isTimeToGoOn()) continue;
      await condition(allHandlersFinished);
      await goOn<typeof replay>(this.#input);
    }
  }

  /** What was released and not attempted is taken back before the run closes. */
  async recordCancellation(): Promise<void> {
    await CancellationScope.nonCancellable(async () => {
      await this.#cancel({ closeRun: false });
      while ((await this.#release()).kind !== 'over');
      await condition(allHandlersFinished);
    });
    this.#tell('over', `Cancelled. ${this.#story()}`);
  }

  async #release(): Promise<ReplaySlice> {
    this.#slices += 1;
    this.#tell('releasing', this.#story());
    const summary = `slice ${this.#slices}`;
    const before = this.#counts?.remaining;
    const slice = await release.executeWithOptions({ summary }, [
      { replayId: this.#replayId, waits: this.#waits },
    ]);
    this.#counts = slice.counts ?? this.#counts;
    if (this.#counts?.remaining !== before) this.#waits = 0;
    return slice;
  }

  async #sleep(waitMs: number): Promise<void> {
    this.#waits += 1;
    this.#tell('waiting', `All is released; waiting for what has not ended. ${this.#story()}`);
    const left = this.#counts?.remaining ?? 0;
    const summary = `${left} not ended: waiting ${durationText(waitMs)}`;
    await condition(() => false, waitMs, { summary });
  }

  /** Only a request of the server closes a run as Cancelled, so ask for one where Postgres knew first. */
  async #close(status: Extract<ReplaySlice, { kind: 'over' }>['status']): Promise<string> {
    await condition(allHandlersFinished);
    if (status === null) return 'removed by retention';
    if (status === 'cancelled') {
      await this.askCancel();
      await condition(() => false, CANCEL_GRANT);
    }
    this.#tell('over', `Over: ${status}. ${this.#story()}`);
    return `${status}: ${this.#counts?.delivered ?? 0} delivered, ${this.#counts?.dead ?? 0} dead`;
  }

  async #cancel({ closeRun }: { readonly closeRun: boolean }): Promise<void> {
    await cancelReplay.executeWithOptions({ summary: 'cancel in Postgres' }, [
      { replayId: this.#replayId, closeRun },
    ]);
  }

  #story(): string {
    const { released, total, delivered, dead, remaining } = this.progress();
    return `Released ${released} of ${total}: ${delivered} delivered, ${dead} dead, ${remaining} remain.`;
  }

  #tell(status: ReplayProgress['status'], details: string): void {
    this.#status = status;
    setCurrentDetails(details);
  }
}
