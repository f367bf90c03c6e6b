import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Database } from '../../storage/database.ts';
import { DeliveryRuns } from '../../temporal/delivery-runs.ts';
import { DATABASE, VERSION } from '../dependencies.ts';
import { Public } from '../platform/caller.ts';
import { Documented } from '../platform/document.ts';

/** Load balancers ask every few seconds and want an answer before they ask again. */
const DATABASE_PATIENCE_MS = 2_000;

const liveView = z.object({ status: z.literal('ok'), version: z.string() }).meta({ id: 'Liveness' });
const readyView = z
  .object({
    status: z.enum(['ready', 'degraded', 'unavailable']),
    reasons: z.array(
      z.object({ part: z.enum(['postgres', 'temporal']), code: z.string(), message: z.string() }),
    ),
  })
  .meta({ id: 'Readiness' });
type Readiness = z.output<typeof readyView>;

/** Whether this process runs, and whether it can do its work. */
@ApiTags('health')
@Public()
@Controller('v1/health')
export class HealthController {
  readonly #database: Database;
  readonly #runs: DeliveryRuns;
  readonly #version: string;

  constructor(@Inject(DATABASE) database: Database, runs: DeliveryRuns, @Inject(VERSION) version: string) {
    this.#database = database;
    this.#runs = runs;
    this.#version = version;
  }

  @Get('live')
  @Documented({ summary: 'Is the process alive?', answer: liveView })
  live(): z.output<typeof liveView> {
    return { status: 'ok', version: this.#version };
  }

  @Get('ready')
  @Documented({
    summary: 'Can it take requests?',
    description:
      '`degraded` while Temporal is away: events are accepted, and their deliveries start when it is back. 503 `unavailable` while Postgres is.',
    answer: readyView,
  })
  @ApiResponse({ status: 503, description: 'Postgres is away.', standardSchema: readyView })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const reasons: Readiness['reasons'] = [];
    const hasDatabase = await this.#hasDatabase();
    if (!hasDatabase) {
      void reply.code(503).header('Retry-After', '2');
      const message = 'Postgres does not answer; nothing can be accepted.';
      reasons.push({ part: 'postgres', code: 'postgres_unreachable', message });
    }
    if (!this.#runs.isReachable()) {
      const message = 'Temporal does not answer; events are accepted, deliveries wait for its return.';
      reasons.push({ part: 'temporal', code: 'temporal_unreachable', message });
    }
    if (!hasDatabase) return { status: 'unavailable', reasons };
    return { status: reasons.length === 0 ? 'ready' : 'degraded', reasons };
  }

  async #hasDatabase(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const lostPatience = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), DATABASE_PATIENCE_MS);
    });
    try {
      return await Promise.race([this.#database.watch.check(), lostPatience]);
    } finally {
      clearTimeout(timer);
    }
  }
}
