import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { type NetworkSuspicion, NetworkSuspicions } from '../../storage/operator/network-suspicions.ts';
import type { Database } from '../../storage/postgres/database.ts';
import type { UnavailableCode } from '../../storage/postgres/database-unavailable.ts';
import { MasterKeyHolders } from '../../storage/sealed/master-key-holders.ts';
import { daysAheadOf, FEWEST_DAYS_AHEAD, HistoryDays } from '../../storage/upkeep/history-days.ts';
import { DeliveryRuns } from '../../temporal/delivery-runs.ts';
import { DATABASE, VERSION } from '../dependencies.ts';
import { Public } from '../platform/access/caller.ts';
import { DatabaseTrouble } from '../platform/answers/database-trouble.ts';
import { Documented } from '../platform/answers/document.ts';
import { Departure } from '../platform/http/departure.ts';

/** Load balancers ask every few seconds and want an answer before they ask again. */
const DATABASE_PATIENCE_MS = 2_000;

/** Anybody may read them, so that the cause itself stands in the log only. */
const DATABASE_MESSAGES: Readonly<Record<UnavailableCode, string>> = {
  database_unavailable: 'Postgres cannot be used; nothing can be accepted. The log says why.',
  schema_outdated:
    'The database does not have the schema of this version; nothing can be accepted. The log says what to do.',
};

const liveView = z.object({ status: z.literal('ok'), version: z.string() }).meta({ id: 'Liveness' });
const readyView = z
  .object({
    status: z.enum(['ready', 'degraded', 'unavailable']),
    reasons: z.array(
      z.object({
        part: z.enum(['process', 'postgres', 'temporal', 'worker', 'network']),
        code: z.string(),
        message: z.string(),
      }),
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
  readonly #suspicions: NetworkSuspicions;
  readonly #holders: MasterKeyHolders;
  readonly #days: HistoryDays;
  readonly #departure: Departure;
  readonly #trouble: DatabaseTrouble;
  readonly #version: string;

  constructor(
    @Inject(DATABASE) database: Database,
    runs: DeliveryRuns,
    suspicions: NetworkSuspicions,
    holders: MasterKeyHolders,
    days: HistoryDays,
    departure: Departure,
    trouble: DatabaseTrouble,
    @Inject(VERSION) version: string,
  ) {
    this.#database = database;
    this.#runs = runs;
    this.#suspicions = suspicions;
    this.#holders = holders;
    this.#days = days;
    this.#departure = departure;
    this.#trouble = trouble;
    this.#version = version;
  }

  @Get('live')
  @Documented({ operation: 'health_live', summary: 'Is the process alive?', answer: liveView })
  live(): z.output<typeof liveView> {
    return { status: 'ok', version: this.#version };
  }

  @Get('ready')
  @Documented({
    operation: 'health_ready',
    summary: 'Can it take requests?',
    description:
      '`degraded` while Temporal is away or no worker runs (events are accepted, and their deliveries ' +
      'start when there is one again), while workers suspect their own network because many hosts fail ' +
      'and none is reached, where history has a place for fewer than three days to come ' +
      '(`history_days_few`), and where Postgres refused requests in the last ten seconds (its disk is ' +
      'full, it has no connections left). 503 `unavailable` while the database cannot be used ' +
      '(`database_unavailable`) or has not the schema of this version (`schema_outdated`), and once the ' +
      'process is about to stop.',
    answer: readyView,
  })
  @ApiResponse({
    status: 503,
    description: 'The database cannot be used, or the process is about to stop.',
    standardSchema: readyView,
  })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const reasons: Readiness['reasons'] = [];
    if (this.#departure.isAnnounced) {
      void reply.code(503);
      return { status: 'unavailable', reasons: [LEAVING] };
    }
    const hasDatabase = await this.#hasDatabase();
    if (!hasDatabase) {
      void reply.code(503).header('Retry-After', '2');
      const code = this.#database.standing.problem ?? 'database_unavailable';
      reasons.push({ part: 'postgres', code, message: DATABASE_MESSAGES[code] });
    }
    if (!this.#runs.isReachable()) {
      const message = 'Temporal does not answer; events are accepted, deliveries wait for its return.';
      reasons.push({ part: 'temporal', code: 'temporal_unreachable', message });
    }
    if (!hasDatabase) return { status: 'unavailable', reasons };
    if (!(await withPatience(this.#holders.isAlive('worker'), true))) reasons.push(NO_WORKER);
    const suspicion = await withPatience(this.#suspicions.current(), null);
    if (suspicion !== null) reasons.push(networkReason(suspicion));
    if (await withPatience(this.#lacksDays(), false)) reasons.push(FEW_DAYS);
    if (this.#trouble.isPresent) reasons.push(REFUSED);
    return { status: reasons.length === 0 ? 'ready' : 'degraded', reasons };
  }

  async #lacksDays(): Promise<boolean> {
    const ahead = daysAheadOf(await this.#days.read());
    return ahead !== null && ahead < FEWEST_DAYS_AHEAD;
  }

  async #hasDatabase(): Promise<boolean> {
    return await withPatience(this.#database.watch.check(), false);
  }
}

const LEAVING = {
  part: 'process',
  code: 'shutting_down',
  message: 'This process is about to stop; send requests to another.',
} as const;

const NO_WORKER = {
  part: 'worker',
  code: 'no_worker',
  message: 'No worker was heard of for some seconds; events are accepted, deliveries wait for one.',
} as const;

const REFUSED = {
  part: 'postgres',
  code: 'database_refuses',
  message: 'Postgres answers, yet refused requests a moment ago. The log says why.',
} as const;

const FEW_DAYS = {
  part: 'postgres',
  code: 'history_days_few',
  message:
    `History has a place for fewer than ${FEWEST_DAYS_AHEAD} days to come; without one nothing can be ` +
    `recorded. The log of the API says why no more are made.`,
} as const;

function networkReason({ since, workers }: NetworkSuspicion): Readiness['reasons'][number] {
  const who = workers === 1 ? 'A worker reaches' : `${workers} workers reach`;
  const message =
    `${who} none of many hosts since ${since.toISOString()}: check our own network and DNS. Nothing is ` +
    `held against endpoints meanwhile.`;
  return { part: 'network', code: 'network_suspected', message };
}

/** What was asked for, or `otherwise` where it fails or takes too long. */
async function withPatience<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const lostPatience = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), DATABASE_PATIENCE_MS);
  });
  try {
    return await Promise.race([asked, lostPatience]);
  } catch {
    return otherwise;
  } finally {
    clearTimeout(timer);
  }
}
