import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, NotFoundException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseError } from 'pg';
import type { Logger } from '../../../logger.ts';
import { LOGGER } from '../../dependencies.ts';
import { RouteTable } from '../http/route-table.ts';
import { DatabaseTrouble } from './database-trouble.ts';
import { describeError } from './describe-error.ts';
import { PROBLEM_MEDIA_TYPE, type Problem } from './problem.ts';
import { originOf } from './problem-origin.ts';

/** Answers every error as problem+json; what is our own fault is logged with its cause. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger: Logger;
  readonly #routes: RouteTable;
  readonly #trouble: DatabaseTrouble;

  constructor(@Inject(LOGGER) logger: Logger, routes: RouteTable, trouble: DatabaseTrouble) {
    this.#logger = logger;
    this.#routes = routes;
    this.#trouble = trouble;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    // Only Nest itself throws this one, where no route matches.
    const isUnrouted = error instanceof NotFoundException;
    const problem = isUnrouted ? this.#routes.refuse(request.method, request.url) : describeError(error);
    if (problem.status === 500) {
      this.#logger.error({ ...loggable(error), request_id: request.id }, 'a request failed unexpectedly');
    }
    this.#trouble.note(problem);
    sendProblem(problem, request, http.getResponse<FastifyReply>());
  }
}

/** What Postgres tells of a statement beside its message quotes rows, which are customers' data. */
function loggable(error: unknown): object {
  if (!(error instanceof DatabaseError)) return { err: error };
  const { message, stack, code, table, constraint } = error;
  return { err: { message, stack, code, table, constraint } };
}

/** A request that was answered with a problem, which its log line names. */
export interface RefusedRequest {
  readonly problem?: Pick<Problem, 'code' | 'message' | 'errors' | 'cause'>;
}

/** Sends a problem, unless an answer is under way already. */
export function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): void {
  if (reply.sent || reply.raw.headersSent) return;
  Object.assign(request, { problem } satisfies RefusedRequest);
  const body = JSON.stringify(problem.toBody(originOf(request)));
  void reply.code(problem.status).headers(problem.headers).type(PROBLEM_MEDIA_TYPE).send(body);
}
