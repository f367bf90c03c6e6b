import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Timing } from '../domain/timing.ts';
import type { Logger } from '../logger.ts';
import type { MasterKeyHolders } from '../storage/sealed/master-key-holders.ts';

/** Keeps telling the other processes which master keys this one has. */
export interface KeyAnnouncement {
  close(): Promise<void>;
}

export interface KeyAnnouncementOptions {
  readonly role: 'api' | 'worker';
  /** The first seals. */
  readonly keyIds: readonly [string, ...string[]];
  readonly holders: MasterKeyHolders;
  readonly timing: Pick<Timing, 'announceMs'>;
  readonly logger: Logger;
}

/** Begins at once; while Postgres is away nobody is told, and nobody seals or opens anything either. */
export function announceKeys({
  role,
  keyIds,
  holders,
  timing,
  logger,
}: KeyAnnouncementOptions): KeyAnnouncement {
  const id = randomUUID();
  const name = `${role} ${process.pid} on ${hostname()}`;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const announce = async (): Promise<void> => {
    await holders
      .announce(id, { name, keyIds })
      .catch((error: unknown) =>
        logger.debug({ error: String(error) }, 'master keys could not be announced'),
      );
    if (!isClosed) timer = setTimeout(() => (last = announce()), timing.announceMs);
  };
  let last = announce().then(async () => await warnOfOthers(keyIds[0], { holders, logger }));
  return {
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await last;
      await holders.withdraw(id).catch(() => undefined);
    },
  };
}

/** What this process seals, those cannot open: their claims fail until they have the key. */
async function warnOfOthers(
  keyId: string,
  { holders, logger }: Pick<KeyAnnouncementOptions, 'holders' | 'logger'>,
): Promise<void> {
  const others = await holders.list().catch(() => []);
  const without = others.filter(({ keyIds }) => !keyIds.includes(keyId)).map(({ name }) => name);
  if (without.length === 0) return;
  const facts = { master_key_id: keyId, processes: without };
  logger.warn(facts, 'other processes lack the master key that this one seals with: give it to them');
}
