import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { AttemptResult } from '../../../activities/attempt-result.ts';
import type { Activities } from '../../../activities/index.ts';
import { nextStepOf } from '../../../activities/next-step.ts';
import { type DeliveryStatus, decide } from '../../../src/domain/delivery.ts';
import { DEFAULT_RETRY_POLICY } from '../../../src/domain/retry-schedule.ts';

/** Stands in for Postgres and the network in tests that skip time: one delivery, decided by the rules of the domain. */
export class DeliverFake {
  /** When each attempt was made, in milliseconds of the skipped time. */
  readonly attemptTimes: number[] = [];
  readonly marks: (string | null)[] = [];
  /** Answers of the receiver, in order; 200 when they are used up. */
  readonly answers: number[];
  status: DeliveryStatus = 'queued';
  cancellations = 0;
  readonly #environment: TestWorkflowEnvironment;
  #retriesUsed = 0;
  #dueAt = 0;

  constructor(environment: TestWorkflowEnvironment, answers: readonly number[]) {
    this.#environment = environment;
    this.answers = [...answers];
  }

  activities(): Pick<Activities, 'attempt' | 'markRetry' | 'cancelDelivery'> {
    return {
      attempt: async ({ mark }) => await this.#attempt(mark),
      markRetry: async ({ mark }) => ({ mark }),
      cancelDelivery: async ({ closeRun, deliveryId }) => {
        this.cancellations += 1;
        this.status = 'cancelled';
        if (closeRun) await this.#environment.client.workflow.getHandle(deliveryId).cancel();
        return true;
      },
    };
  }

  async #attempt(mark: string | null): Promise<AttemptResult> {
    const now = await this.#environment.currentTimeMs();
    if (mark === null && now < this.#dueAt) return this.#standing(now, 'not due yet');
    this.attemptTimes.push(now);
    this.marks.push(mark);
    const statusCode = this.answers.shift() ?? 200;
    const trigger = mark === null ? ('automatic' as const) : ('manual' as const);
    const verdict = decide(
      {
        trigger,
        attempt: this.attemptTimes.length,
        retriesUsed: this.#retriesUsed,
        retry: { ...DEFAULT_RETRY_POLICY, jitter: 0 },
      },
      { statusCode, errorCode: statusCode === 200 ? null : `http_${statusCode}`, retryAfter: null },
      { now, random: 0.5 },
    );
    if (verdict.kind === 'delivered') this.status = 'delivered';
    if (verdict.kind === 'dead') this.status = 'dead';
    if (verdict.kind === 'retry') {
      this.status = 'retrying';
      this.#retriesUsed += 1;
      this.#dueAt = now + verdict.delayMs;
    }
    return this.#standing(now, `${statusCode} in 1 ms`);
  }

  #standing(now: number, summary: string): AttemptResult {
    const waitMs = this.status === 'retrying' ? this.#dueAt - now : null;
    const deadReason = this.status === 'dead' ? ('retries_exhausted' as const) : null;
    return nextStepOf({
      status: this.status,
      waitMs,
      deadReason,
      attempt: this.attemptTimes.length,
      summary,
    });
  }
}
