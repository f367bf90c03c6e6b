import type { Logger } from '../logger.ts';
import { expectState, showState } from '../metrics/state-metrics.ts';
import type { OpenStateReader } from '../storage/stats/open-state.ts';

/** Between two looks at what is open: fine enough for alerts that wait for minutes. */
const EVERY_MS = 10_000;

/** Keeps the figures of what is open fresh until it is closed; while Postgres is away they grow old, and say so. */
export function watchState(
  reader: Pick<OpenStateReader, 'read'>,
  logger: Logger,
): { close(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  expectState();
  const look = async (): Promise<void> => {
    await reader
      .read()
      .then(showState)
      .catch((error: unknown) => logger.debug({ error: String(error) }, 'what is open could not be counted'));
    if (!isClosed) timer = setTimeout(() => (last = look()), EVERY_MS);
  };
  let last = look();
  return {
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await last;
    },
  };
}
