/** How `listen` shows what was answered: all of it, failures only, or as JSON. */
export const LISTEN_OUTPUTS = ['line', 'quiet', 'jsonl'] as const;

/** One of these. */
export type ListenOutput = (typeof LISTEN_OUTPUTS)[number];
