import { Injectable } from '@nestjs/common';
import { newId } from '../../new-id.ts';
import type { CappedCount } from '../../storage/postgres/capped-count.ts';
import type { ReplaySelection } from '../../storage/replays/replay-selection.ts';
import { type Replay, ReplayStore, startOf } from '../../storage/replays/replay-store.ts';
import { ReplayRuns } from '../../temporal/replay-runs.ts';
import { actorName, type Caller, maySee } from '../platform/access/caller.ts';
import { notFound } from '../platform/answers/problem.ts';

/**
 * Begins, reads and cancels replays on behalf of a caller. What is asked for is in Postgres before the workflow is
 * told, and the answer does not depend on that.
 */
@Injectable()
export class ReplaysService {
  readonly #store: ReplayStore;
  readonly #runs: ReplayRuns;

  constructor(store: ReplayStore, runs: ReplayRuns) {
    this.#store = store;
    this.#runs = runs;
  }

  /** How many deliveries a replay of this selection would have now. */
  async count(selection: ReplaySelection): Promise<CappedCount> {
    return await this.#store.count(selection);
  }

  /** Begins a replay; one of nothing is completed at once. */
  async begin(selection: ReplaySelection, caller: Caller): Promise<Replay> {
    const requestedBy = actorName(caller);
    const replay = await this.#store.create({ id: newId('rpl'), selection, requestedBy });
    if (replay.status === 'running') await this.#runs.begin(startOf(replay));
    return replay;
  }

  /** @throws Problem 404 where there is no such replay or the caller may not see it */
  async read(id: string, caller: Caller): Promise<Replay> {
    const replay = await this.#store.read(id);
    if (replay === null || !maySee(caller, replay.customerId)) throw notFound('replay');
    return replay;
  }

  /**
   * Has a cancelled replay go on; while it runs, again is fine.
   * @throws Problem 404, DomainError `conflict` where it cannot
   */
  async goOn(id: string, caller: Caller): Promise<Replay> {
    await this.read(id, caller);
    await this.#store.goOn(id);
    const replay = await this.read(id, caller);
    await this.#runs.begin(startOf(replay));
    return replay;
  }

  /** Cancels a running replay; again is fine. @throws Problem 404, DomainError `conflict` where it is completed */
  async cancel(id: string, caller: Caller): Promise<Replay> {
    await this.read(id, caller);
    await this.#store.cancel(id);
    await this.#runs.cancel(id);
    return await this.read(id, caller);
  }
}
