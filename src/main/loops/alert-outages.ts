import type { Config } from '../../config.ts';
import { TIMINGS } from '../../domain/timing.ts';
import type { Logger } from '../../logger.ts';
import type { Publisher } from '../../storage/events/publisher.ts';
import { OutageStore } from '../../storage/gates/outage-store.ts';
import { NetworkSuspicions } from '../../storage/operator/network-suspicions.ts';
import type { Database } from '../../storage/postgres/database.ts';
import { keepDoing, type Loop } from './keep-doing.ts';

/** Keeps telling operators which hosts fail, as often as attempts are counted; not while our own network may. */
export function alertOutages({
  database,
  publisher,
  config,
  logger,
}: {
  readonly database: Database;
  readonly publisher: Publisher;
  /** The port is the one that is listened on. */
  readonly config: Config;
  readonly logger: Logger;
}): Loop {
  const suspicions = new NetworkSuspicions(database);
  const outages = new OutageStore(database, {
    rule: config.outageRule,
    consoleUrl: `${publicUrlOf(config)}/ui`,
    onAnnounced: publisher.tell,
  });
  const round = async (): Promise<void> => {
    if ((await suspicions.current()) !== null) return;
    const told = await outages.follow();
    if (told > 0) logger.warn({ hosts: told }, 'hosts began to fail or recovered');
  };
  return keepDoing(round, { what: 'alerting', pauseMs: TIMINGS[config.timing].countMs, logger });
}

function publicUrlOf({ publicUrl, certificate, host, port, basePath }: Config): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return publicUrl ?? `${certificate === null ? 'http' : 'https'}://${name}:${port}${basePath}`;
}
