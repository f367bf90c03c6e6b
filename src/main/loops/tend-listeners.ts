import { LISTENER_ACTOR, SWEPT_LISTENER_REMEMBERED_MS } from '../../domain/listener.ts';
import type { Timing } from '../../domain/timing.ts';
import type { Logger } from '../../logger.ts';
import type { EndpointRemoval } from '../../storage/gates/endpoint-removal.ts';
import type { EndpointSwitch } from '../../storage/gates/endpoint-switch.ts';
import type { ListenerStore } from '../../storage/listeners/listener-store.ts';
import type { RelayStore } from '../../storage/listeners/relay-store.ts';
import { keepDoing, type Loop } from './keep-doing.ts';

/** A stream says every three seconds that it is alive. */
const STREAM_SILENT_MS = 12_000;
/** Longer than any attempt may take. */
const RELAY_KEPT_MS = 600_000;

/**
 * Keeps holding what is for those who listen no more, and removes listeners that nobody came back to. Every replica may
 * do it.
 */
export function tendListeners({
  listeners,
  relays,
  endpointSwitch,
  removal,
  timing,
  logger,
}: {
  readonly listeners: ListenerStore;
  readonly relays: RelayStore;
  readonly endpointSwitch: EndpointSwitch;
  readonly removal: EndpointRemoval;
  readonly timing: Pick<Timing, 'roundMs'>;
  readonly logger: Logger;
}): Loop {
  const round = async (): Promise<void> => {
    for (const id of await listeners.detachSilent(STREAM_SILENT_MS))
      await endpointSwitch.pause(id, { by: LISTENER_ACTOR, reason: 'Nobody listens.' });
    for (const { id, isRemoved } of await listeners.listExpired()) {
      if (isRemoved) await listeners.forget(id);
      else {
        await removal.remove(id);
        await listeners.markSwept(id);
      }
    }
    await listeners.forgetSwept(SWEPT_LISTENER_REMEMBERED_MS);
    await relays.removeOlderThan(RELAY_KEPT_MS);
  };
  return keepDoing(round, { what: 'tending listeners', pauseMs: timing.roundMs, logger });
}
