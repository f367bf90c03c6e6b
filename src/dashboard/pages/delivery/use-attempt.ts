import { answerOf, api } from '../../data/api.ts';
import type { Attempt, DeliveryDetail } from '../../data/types.ts';
import { useQuery } from '../../data/use-query.ts';

/** The attempt that is looked at, and the one before it. */
interface ShownAttempts {
  readonly attempt: Attempt | undefined;
  /** To show what has changed; null where there is none, or until it has come. */
  readonly before: Attempt | null;
  readonly error: unknown;
}

/** The attempt with a number, the newest where none is given: read alone where the delivery comes without it. */
export function useAttempt(delivery: DeliveryDetail, wanted: string | undefined): ShownAttempts {
  const number = wanted === undefined ? delivery.attempts.at(-1)?.number : Number(wanted);
  const shown = useOne(delivery, number);
  const before = useOne(delivery, number === undefined ? undefined : number - 1);
  return { attempt: shown.attempt, before: before.attempt ?? null, error: shown.error };
}

function useOne({ id, attempts }: DeliveryDetail, number: number | undefined) {
  const listed = attempts.find((attempt) => attempt.number === number);
  const isWhole = listed !== undefined && listed.bodies_omitted !== true;
  const { data, error } = useQuery({
    queryKey: ['attempt', id, number],
    queryFn: () =>
      answerOf(
        api.GET('/v1/deliveries/{id}/attempts/{number}', {
          params: { path: { id, number: String(number) } },
        }),
      ),
    enabled: !isWhole && number !== undefined && number > 0,
    // What was written down of an attempt stays as it is.
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return { attempt: isWhole ? listed : (data ?? listed), error };
}
