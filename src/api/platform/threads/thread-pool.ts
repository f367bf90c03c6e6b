import { Worker } from 'node:worker_threads';
import { FairQueue } from './fair-queue.ts';

/** Enough for a large body and what is made of it; a thread that wants more is replaced. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };

/** A task and how long it may run, waiting not counted. */
export interface ThreadTask {
  readonly owner: string;
  readonly message: unknown;
  readonly deadlineMs: number;
}

/** What the thread answered; `overdue` where it took too long, or died. */
export type ThreadOutcome =
  | { readonly kind: 'answered'; readonly answer: unknown; readonly ranMs: number }
  | { readonly kind: 'overdue' };

interface Waiting extends ThreadTask {
  readonly settle: (outcome: ThreadOutcome) => void;
}

/**
 * Runs tasks in a few worker threads, owners in turn. The thread of a task that takes too long is ended and replaced,
 * whatever it is doing. A thread says `ready` once, then answers each message by one.
 */
export class ThreadPool {
  readonly #file: URL;
  readonly #size: number;
  readonly #queue = new FairQueue<Waiting>();
  readonly #threads = new Set<Thread>();
  #isClosed = false;

  constructor(file: URL, size: number) {
    this.#file = file;
    this.#size = size;
  }

  async run(task: ThreadTask): Promise<ThreadOutcome> {
    if (this.#isClosed) return { kind: 'overdue' };
    return await new Promise((settle) => {
      this.#queue.add(task.owner, { ...task, settle });
      this.#assign();
    });
  }

  /** Ends every thread; what is under way or waits is overdue. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#giveUpWaiting();
    await Promise.all([...this.#threads].map(async (thread) => await thread.end()));
  }

  #assign(): void {
    for (const thread of this.#threads) {
      if (!thread.isIdle) continue;
      const next = this.#queue.take();
      if (next === undefined) return;
      void this.#runOn(thread, next);
    }
    if (!this.#isClosed && !this.#queue.isEmpty && this.#threads.size < this.#size) this.#addThread();
  }

  async #runOn(thread: Thread, { owner, item }: { owner: string; item: Waiting }): Promise<void> {
    item.settle(await thread.run(item));
    this.#queue.done(owner);
    this.#assign();
  }

  #addThread(): void {
    const thread = new Thread(this.#file, {
      onIdle: () => this.#assign(),
      onEnd: (hasStarted) => {
        this.#threads.delete(thread);
        // What cannot start now would not for the next one either.
        if (!hasStarted) this.#giveUpWaiting();
      },
    });
    this.#threads.add(thread);
  }

  #giveUpWaiting(): void {
    for (let next = this.#queue.take(); next !== undefined; next = this.#queue.take()) {
      this.#queue.done(next.owner);
      next.item.settle({ kind: 'overdue' });
    }
  }
}

/** One worker thread and the task it runs. */
class Thread {
  readonly #worker: Worker;
  #state: 'starting' | 'idle' | 'busy' | 'ended' = 'starting';
  #settle: ((outcome: ThreadOutcome) => void) | null = null;
  #startedAt = 0;

  constructor(
    file: URL,
    events: { readonly onIdle: () => void; readonly onEnd: (hasStarted: boolean) => void },
  ) {
    this.#worker = new Worker(file, { resourceLimits: RESOURCE_LIMITS });
    // A process that ends does not wait for it.
    this.#worker.unref();
    this.#worker.once('message', () => {
      this.#state = 'idle';
      this.#worker.on('message', (answer: unknown) => this.#finish(answer));
      events.onIdle();
    });
    // Out of memory, or a defect: the exit that follows tells.
    this.#worker.on('error', () => {});
    this.#worker.once('exit', () => {
      events.onEnd(this.#state !== 'starting');
      this.#settleWith({ kind: 'overdue' });
      this.#state = 'ended';
    });
  }

  get isIdle(): boolean {
    return this.#state === 'idle';
  }

  async run({ message, deadlineMs }: ThreadTask): Promise<ThreadOutcome> {
    this.#state = 'busy';
    this.#startedAt = performance.now();
    const timer = setTimeout(() => void this.end(), deadlineMs);
    try {
      return await new Promise((resolve) => {
        this.#settle = resolve;
        this.#worker.postMessage(message);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #finish(answer: unknown): void {
    this.#state = 'idle';
    this.#settleWith({ kind: 'answered', answer, ranMs: performance.now() - this.#startedAt });
  }

  #settleWith(outcome: ThreadOutcome): void {
    const settle = this.#settle;
    this.#settle = null;
    settle?.(outcome);
  }
}
