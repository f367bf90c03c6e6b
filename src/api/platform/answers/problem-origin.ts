import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** What stands before every path, behind a proxy; empty where nothing does. */
    readonly basePath: string;
  }
}

/** The request that a problem answers, and where this instance is mounted: pages of problems lie below that. */
export interface ProblemOrigin {
  readonly requestId: string;
  readonly basePath: string;
}

/** Of a request, as the server has it. */
export function originOf({ id, server }: FastifyRequest): ProblemOrigin {
  return { requestId: id, basePath: server.basePath };
}
