import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type Diagnosis, type DiagnosisRequest, diagnose } from '../../signature/diagnosis/diagnose.ts';
import { Problem } from '../platform/answers/problem.ts';
import { ThreadPool } from '../platform/threads/thread-pool.ts';

const MAX_INLINE_CHARACTERS = 8_192;
const DEADLINE_MS = 5_000;

/** What is asked, its body as text. */
type TextRequest = DiagnosisRequest & { readonly rawBody: string };

/** Diagnoses requests that receivers got: short ones at once, long ones in a thread, where they hold up nobody. */
@Injectable()
export class Diagnoser implements OnModuleDestroy {
  readonly #pool = new ThreadPool(threadFile(), 1);

  /** `owner` takes turns with others. @throws Problem 422 where it takes too long */
  async diagnose(request: TextRequest, owner: string): Promise<Diagnosis> {
    if (request.rawBody.length <= MAX_INLINE_CHARACTERS) return diagnose(request);
    const outcome = await this.#pool.run({ owner, message: request, deadlineMs: DEADLINE_MS });
    if (outcome.kind === 'answered') return outcome.answer as Diagnosis;
    const detail = 'This request takes too long to diagnose; try it with a shorter body.';
    throw new Problem(422, 'diagnosis_timeout', { detail });
  }

  async onModuleDestroy(): Promise<void> {
    await this.#pool.close();
  }
}

/** Tests run sources; a thread needs what they compile to. */
function threadFile(): URL {
  const here = import.meta.url;
  return here.endsWith('.ts')
    ? new URL('../../../dist/src/api/tools/diagnosis-thread.js', here)
    : new URL('./diagnosis-thread.js', here);
}
