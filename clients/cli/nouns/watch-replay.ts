import { setTimeout as sleep } from 'node:timers/promises';
import type { components } from '../../typescript/schema.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { present } from '../present.ts';
import type { Session } from '../session.ts';

type Replay = components['schemas']['Replay'];

const LOOK_EVERY_MS = 1_000;

/**
 * Shows how far a replay is until it is over. Ctrl-C ends the watching, not the replay.
 * @returns `partlyDone` where something died again
 */
export async function watchReplay(session: Session, id: string): Promise<ExitCode> {
  const { output, io } = session;
  let shown = '';
  for (;;) {
    const replay = present(await session.posthorn.api.GET('/v1/replays/{id}', { params: { path: { id } } }));
    const line = progressOf(replay);
    if (line !== shown) output.note(line);
    shown = line;
    if (replay.finished_at !== null)
      return replay.dead > 0 || replay.cancelled > 0 ? EXIT.partlyDone : EXIT.done;
    try {
      await sleep(LOOK_EVERY_MS, undefined, { signal: io.signal });
    } catch {
      output.note(`It goes on: posthorn replays watch ${id}, or posthorn replays cancel ${id}`);
      return EXIT.interrupted;
    }
  }
}

function progressOf({ id, status, delivered, dead, cancelled, remaining }: Replay): string {
  const counts = [`${delivered} delivered`, `${dead} dead`, `${cancelled} cancelled`, `${remaining} left`];
  return `replay ${id}  ${status}  ${counts.join('  ')}`;
}
