import type { HostileRequest } from './hostile-request.ts';

/** What came of hostile requests. */
export interface HostileRun {
  readonly answers: number;
  readonly longestAnswerBytes: number;
  /** Shapes that were answered by a server error or not at all, with what came. */
  readonly failures: readonly string[];
}

/** Sends requests one after another with this key; an answer must be complete. */
export async function sendHostile(
  requests: Iterable<HostileRequest>,
  { url, key }: { readonly url: string; readonly key: string },
): Promise<HostileRun> {
  const failures: string[] = [];
  let [answers, longestAnswerBytes] = [0, 0];
  for (const { shape, method, path, body } of requests) {
    try {
      const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
      const answer = await fetch(url + path, { method, headers, ...(method !== 'GET' && { body }) });
      const bytes = (await answer.arrayBuffer()).byteLength;
      answers += 1;
      longestAnswerBytes = Math.max(longestAnswerBytes, bytes);
      if (answer.status >= 500) failures.push(`${answer.status}: ${shape}`);
    } catch (error) {
      failures.push(`${String(error)}: ${shape}`);
    }
  }
  return { answers, longestAnswerBytes, failures };
}
