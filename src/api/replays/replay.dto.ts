import { z } from 'zod';
import type { InputProblem } from '../../domain/errors.ts';
import { REPLAY_KINDS } from '../../domain/replay.ts';
import type { SelectionFilter } from '../../storage/replays/replay-selection.ts';
import type { Replay } from '../../storage/replays/replay-store.ts';
import type { DeliveryRuns } from '../../temporal/delivery-runs.ts';
import { pageOf } from '../deliveries/delivery-view.ts';
import type { Caller } from '../platform/access/caller.ts';
import { replayStatus } from '../platform/answers/named-schemas.ts';
import { pageQuery } from '../platform/answers/paging.ts';
import { invalidInput } from '../platform/answers/problem.ts';
import { customerId, idOf } from '../platform/input/fields.ts';
import { toInputProblems } from '../platform/input/input-problems.ts';
import { filterOfEndpoint, toSelectionFilter } from './selection.dto.ts';

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
    to_endpoint_id: z.string().nullable().meta({
      description: 'Where all of it goes; null where each delivery goes to its own endpoint.',
    }),
    new_delivery: z.boolean().meta({ description: 'Whether it makes deliveries of its own.' }),
    counted: z.boolean().meta({ description: 'Whether all that it selects is counted in `total`.' }),
    total: z.int().meta({
      description:
        'Deliveries that it selects, as far as it has counted, and those that a cancelled replay gave back since.',
    }),
    released: z.int().meta({ description: 'Given back to delivery so far, and not taken back.' }),
    delivered: z.int(),
    dead: z.int().meta({
      description: 'Ended undelivered this time, those included that stay delivered as they were before.',
    }),
    cancelled: z.int(),
    passed_over: z.int().meta({
      description: 'Gone, no longer what was selected, or of an event that it has sent there already.',
    }),
    remaining: z.int().meta({ description: 'Counted and not released yet, or released and not ended.' }),
    requested_by: z.string().meta({
      description:
        '`operator`, the id of a customer’s key, or `recovery` where an endpoint recovered by itself.',
    }),
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
  filter: filterOfEndpoint.meta({ description: 'Only some of it. By default all that is kept.' }),
  dry_run: z
    .boolean()
    .optional()
    .meta({ description: 'Only count what would be recovered, among the newest 10,000.' }),
});

/** How the body of `recover` is documented; it may be left out. */
export const RECOVERY_BODY_SCHEMA = z.toJSONSchema(recoveryBody, { io: 'input', unrepresentable: 'any' });

/** What is to be recovered of an endpoint; `data` is what events are to carry. */
export interface Recovery {
  readonly filter: SelectionFilter;
  readonly data: Readonly<Record<string, string>> | undefined;
  readonly isPreview: boolean;
}

/** Reads the body of `recover`. @throws Problem 422, also for times ahead and a span that is empty */
export function readRecovery(
  body: unknown,
  { endpointId, now }: { endpointId: string; now: Date },
): Recovery {
  const parsed = recoveryBody.nullish().safeParse(body);
  if (!parsed.success) throw invalidInput(toInputProblems(parsed.error.issues, body));
  const { filter = {}, dry_run: isPreview = false } = parsed.data ?? {};
  const { after, before, data } = filter;
  const problems: readonly InputProblem[] = [
    ...ahead('/filter/after', after, now),
    ...ahead('/filter/before', before, now),
    ...order(after, before),
  ];
  if (problems.length > 0) throw invalidInput(problems);
  return { filter: { ...toSelectionFilter(filter, {}), endpointId }, data, isPreview };
}

function ahead(pointer: string, time: Date | undefined, now: Date): readonly InputProblem[] {
  if (time === undefined || time <= now) return [];
  const message = `Lies ahead; it is ${now.toISOString()} now. What is not published yet cannot be recovered.`;
  return [{ pointer, code: 'time_ahead', message }];
}

function order(after: Date | undefined, before: Date | undefined): readonly InputProblem[] {
  if (after === undefined || before === undefined || after < before) return [];
  return [{ pointer: '/filter/before', code: 'span_empty', message: 'before must be later than after.' }];
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
    to_endpoint_id: replay.toEndpointId,
    new_delivery: replay.isNewDelivery,
    counted: replay.isCounted,
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
  statuses: 'status',
  endedAfter: 'ended_after',
};

/** By the names that the filters have in requests; of what events carry, only that it was asked for. */
function showSelection({ selection: { searchKeys, ...selection } }: Replay): Record<string, unknown> {
  const shown = Object.entries(selection).map(([name, value]) => [FILTER_NAMES[name] ?? name, value]);
  return { ...Object.fromEntries(shown), ...(searchKeys !== undefined && { data: true }) };
}
