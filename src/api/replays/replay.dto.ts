import { z } from 'zod';
import type { InputProblem } from '../../domain/errors.ts';
import { REPLAY_KINDS } from '../../domain/replay.ts';
import type { MissedFilter } from '../../storage/replays/replay-selection.ts';
import type { Replay } from '../../storage/replays/replay-store.ts';
import type { DeliveryRuns } from '../../temporal/delivery-runs.ts';
import { pageOf } from '../deliveries/delivery-view.ts';
import type { Caller } from '../platform/access/caller.ts';
import { replayStatus } from '../platform/answers/named-schemas.ts';
import { pageQuery } from '../platform/answers/paging.ts';
import { invalidInput } from '../platform/answers/problem.ts';
import { customerId, idOf, instant } from '../platform/input/fields.ts';
import { toInputProblems } from '../platform/input/input-problems.ts';

/** Query of `GET /v1/replays`. */
export const replayListQuery = z.strictObject({
  ...pageQuery,
  customer_id: customerId.optional().meta({ description: 'Whose deliveries are replayed.' }),
  endpoint_id: idOf('ep').optional().meta({ description: 'Replays of this endpoint only.' }),
  status: replayStatus.optional(),
});

export type ReplayListQuery = z.output<typeof replayListQuery>;

/** A replay: what it selected, and how far it has come. */
export const replayAnswer = z
  .object({
    id: z.string().meta({ examples: ['rpl_01J8Q2M4T6V8X0Z2B4D6F8H0K2'] }),
    kind: z.enum(REPLAY_KINDS),
    status: replayStatus,
    customer_id: z
      .string()
      .nullable()
      .meta({ description: 'Whose deliveries; null where they may be anybody’s.' }),
    endpoint_id: z.string().nullable().meta({ description: 'Null where they may go to several.' }),
    selection: z
      .record(z.string(), z.unknown())
      .meta({ description: 'The filters that it was asked for with.' }),
    total: z.int().meta({
      description:
        'Deliveries that were selected when it began, and those that a cancelled replay gave back since.',
    }),
    released: z.int().meta({ description: 'Given back to delivery so far, and not taken back.' }),
    delivered: z.int(),
    dead: z.int(),
    cancelled: z.int(),
    passed_over: z.int().meta({ description: 'Gone, or no longer dead or skipped, when their turn came.' }),
    remaining: z.int().meta({ description: 'Not released yet, or released and not ended.' }),
    requested_by: z.string().meta({ description: '`operator`, or the id of a customer’s key.' }),
    created_at: z.iso.datetime(),
    finished_at: z.iso.datetime().nullable(),
    temporal_url: z.string().nullable().meta({
      description: 'Its workflow `replay` in the Temporal UI; null for everybody but the operator.',
    }),
  })
  .meta({ id: 'Replay' });

export type ReplayAnswer = z.infer<typeof replayAnswer>;

/** A page of replays, newest first. */
export const replayPage = pageOf(replayAnswer).meta({ id: 'ReplayList' });

const recoveryBody = z.strictObject({
  since: instant
    .optional()
    .meta({ description: 'Only what was published then or later. By default everything that is kept.' }),
  until: instant.optional().meta({ description: 'Only what was published before. By default until now.' }),
  dry_run: z.boolean().optional().meta({ description: 'Only count what would be recovered.' }),
});

/** How the body of `recover` is documented; it may be left out. */
export const RECOVERY_BODY_SCHEMA = z.toJSONSchema(recoveryBody, { io: 'input', unrepresentable: 'any' });

/** How many deliveries a recovery would send. */
export const recoveryCount = z.object({ count: z.int() }).meta({ id: 'RecoveryCount' });

/** What is to be recovered of an endpoint. */
export interface Recovery {
  readonly filter: MissedFilter;
  readonly isPreview: boolean;
}

/** Reads the body of `recover`. @throws Problem 422, also for times ahead and a span that is empty */
export function readRecovery(
  body: unknown,
  { endpointId, now }: { endpointId: string; now: Date },
): Recovery {
  const parsed = recoveryBody.nullish().safeParse(body);
  if (!parsed.success) throw invalidInput(toInputProblems(parsed.error.issues, body));
  const { since, until, dry_run: isPreview = false } = parsed.data ?? {};
  const problems: readonly InputProblem[] = [
    ...ahead('/since', since, now),
    ...ahead('/until', until, now),
    ...order(since, until),
  ];
  if (problems.length > 0) throw invalidInput(problems);
  const filter = {
    endpointId,
    ...(since !== undefined && { after: since }),
    ...(until !== undefined && { before: until }),
  };
  return { filter, isPreview };
}

function ahead(pointer: string, time: Date | undefined, now: Date): readonly InputProblem[] {
  if (time === undefined || time <= now) return [];
  const message = `Lies ahead; it is ${now.toISOString()} now. What is not published yet cannot be recovered.`;
  return [{ pointer, code: 'time_ahead', message }];
}

function order(since: Date | undefined, until: Date | undefined): readonly InputProblem[] {
  if (since === undefined || until === undefined || since < until) return [];
  return [{ pointer: '/until', code: 'span_empty', message: 'until must be later than since.' }];
}

/** Shapes a replay for its reader; only the operator gets the link into Temporal. */
export function showReplay(
  replay: Replay,
  { caller, runs }: { readonly caller: Caller; readonly runs: Pick<DeliveryRuns, 'urlOf'> },
): ReplayAnswer {
  const { id, counts } = replay;
  return {
    id,
    kind: replay.kind,
    status: replay.status,
    customer_id: replay.customerId,
    endpoint_id: replay.endpointId,
    selection: showSelection(replay),
    total: counts.total,
    released: counts.released,
    delivered: counts.delivered,
    dead: counts.dead,
    cancelled: counts.cancelled,
    passed_over: counts.passedOver,
    remaining: counts.remaining,
    requested_by: replay.requestedBy,
    created_at: replay.createdAt.toISOString(),
    finished_at: replay.finishedAt?.toISOString() ?? null,
    temporal_url: caller.kind === 'operator' ? runs.urlOf(id, null) : null,
  };
}

const FILTER_NAMES: Readonly<Record<string, string>> = {
  customerId: 'customer_id',
  endpointId: 'endpoint_id',
  eventId: 'event_id',
  errorCode: 'error_code',
};
const MISSED_NAMES: Readonly<Record<string, string>> = { after: 'since', before: 'until' };

/** By the names that the filters have in requests. */
function showSelection({ kind, selection }: Replay): Record<string, unknown> {
  const names = kind === 'missed' ? { ...FILTER_NAMES, ...MISSED_NAMES } : FILTER_NAMES;
  return Object.fromEntries(Object.entries(selection).map(([name, value]) => [names[name] ?? name, value]));
}
