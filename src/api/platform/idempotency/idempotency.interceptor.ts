import { createHash } from 'node:crypto';
import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { lastValueFrom, type Observable, of } from 'rxjs';
import type { Logger } from '../../../logger.ts';
import { type KeyedRequest, RememberedAnswers } from '../../../storage/access/remembered-answers.ts';
import { LOGGER } from '../../dependencies.ts';
import type { CalledRequest } from '../access/caller.ts';
import { invalidParameter, Problem } from '../answers/problem.ts';
import { RawJson, toJson } from '../answers/raw-json.ts';
import { JsonBody } from '../http/json-body.ts';
import { IDEMPOTENCY_KEY, readIdempotencyKey } from './idempotency-key.ts';

/** Carries a request with an idempotency key out once, and gives whoever repeats it the first answer. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  readonly #answers: RememberedAnswers;
  readonly #logger: Logger;

  constructor(answers: RememberedAnswers, @Inject(LOGGER) logger: Logger) {
    this.#answers = answers;
    this.#logger = logger;
  }

  /**
   * @throws Problem 409 where the first request is under way or its outcome is unknown, 422 where the key was used
   * otherwise
   */
  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = await keyedRequest(http.getRequest<CalledRequest>());
    if (request === null) return next.handle();
    const remembered = await this.#answers.begin(request);
    if (remembered.kind === 'new') return of(await this.#carryOut(request, next));
    if (remembered.kind !== 'answered') throw refusalOf(remembered.kind, request.key);
    void http.getResponse<FastifyReply>().header('Idempotent-Replayed', 'true');
    return of(new RawJson(remembered.answer));
  }

  async #carryOut(request: KeyedRequest, next: CallHandler): Promise<unknown> {
    const answer = await lastValueFrom(next.handle()).catch(async (error: unknown) => {
      await this.#keep(this.#answers.giveUp(request));
      throw error;
    });
    await this.#keep(this.#answers.note(request, toJson(answer)));
    return answer;
  }

  /** The request is carried out, or refused: what cannot be noted any more must not change its answer. */
  async #keep(noting: Promise<void>): Promise<void> {
    await noting.catch((error: unknown) => {
      this.#logger.warn({ error: String(error) }, 'what came of an idempotency key could not be noted');
    });
  }
}

/** Null where the request has no key. The caller, the path and the bytes of the body tell requests apart. */
async function keyedRequest({
  caller,
  headers,
  method,
  url,
  body,
}: CalledRequest): Promise<KeyedRequest | null> {
  const given = headers['idempotency-key'];
  const key = readIdempotencyKey(Array.isArray(given) ? given.join(', ') : given);
  if (key === undefined) return null;
  if (caller === undefined) throw new Error('a public route has no caller to remember answers for');
  const owner = caller.kind === 'operator' ? '*' : `customer:${caller.customerId}`;
  const sent = body instanceof JsonBody ? await body.bytes() : '';
  const requestHash = createHash('sha256').update(`${url}\n`).update(sent).digest();
  return { scope: `${owner} ${method} ${url.split('?')[0]}`, key, requestHash };
}

function refusalOf(kind: 'under_way' | 'unknown' | 'other', key: string): Problem {
  if (kind === 'other') {
    const message =
      `The idempotency key ${JSON.stringify(key)} was used with another request; use ` +
      `a new key for a new request.`;
    return invalidParameter(IDEMPOTENCY_KEY, 'idempotency_key_reused', message);
  }
  if (kind === 'under_way') {
    const detail =
      `The first request with the idempotency key ${JSON.stringify(key)} has not been ` +
      `answered yet; repeat it in a moment.`;
    return new Problem(409, 'idempotency_key_in_use', { detail, headers: { 'Retry-After': '1' } });
  }
  const detail =
    `It is not known what came of the first request with the idempotency key ${JSON.stringify(key)}: ` +
    `the process ended before it noted the answer. See whether it was carried out, and use ` +
    `another key where it was not.`;
  return new Problem(409, 'idempotency_outcome_unknown', { detail });
}
