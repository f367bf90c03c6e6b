import type { DeadLetter } from '../../data/types.ts';

/** Dead letters of one endpoint that died of the same. */
export interface LetterGroup {
  readonly key: string;
  readonly endpointId: string;
  readonly errorCode: string | null;
  readonly reason: string | null;
  readonly advice: string | null;
  /** How many of those looked at. */
  readonly seen: number;
  readonly oldest: string;
  readonly newest: string;
}

/** Groups letters by what they died of, and where; the largest first. */
export function groupLetters(letters: readonly DeadLetter[]): readonly LetterGroup[] {
  const groups = new Map<string, LetterGroup>();
  for (const {
    endpoint_id: endpointId,
    last_error_code: errorCode,
    reason,
    advice,
    finished_at,
    created_at,
  } of letters) {
    const key = [endpointId, errorCode, reason].join(' ');
    const at = finished_at ?? created_at;
    const before = groups.get(key);
    groups.set(key, {
      key,
      endpointId,
      errorCode,
      reason,
      advice,
      seen: (before?.seen ?? 0) + 1,
      oldest: before === undefined || at < before.oldest ? at : before.oldest,
      newest: before === undefined || at > before.newest ? at : before.newest,
    });
  }
  return [...groups.values()].sort((a, b) => b.seen - a.seen);
}
