import type { Logger } from '../logger.ts';
import type { DestinationRuleStore } from '../storage/operator/destination-rule-store.ts';
import type { Outgoing } from './create-outgoing.ts';

/** Keeps the rules of a process at what is stored in Postgres. */
export interface RuleFollower {
  /** Resolves once the rules were read for the first time. */
  readonly ready: Promise<void>;
  /** Reads them now. @throws where Postgres cannot be reached */
  refresh(): Promise<void>;
  close(): void;
}

/** A change is honoured everywhere after this at the latest. */
const RULES_POLL_MS = 2_000;
/** How often the names of our own servers are resolved anew. */
const OWN_NAMES_MS = 30_000;

export interface RuleFollowerOptions {
  readonly store: DestinationRuleStore;
  readonly outgoing: Outgoing;
  readonly logger: Logger;
}

/** Begins to follow; while Postgres is away the last rules hold. */
export function followRules({ store, outgoing, logger }: RuleFollowerOptions): RuleFollower {
  const refresh = async (): Promise<void> => {
    const { updatedAt: _, ...lists } = await store.read();
    outgoing.rules.replace(lists);
  };
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const ready = new Promise<void>((resolve) => {
    const poll = async (): Promise<void> => {
      await refresh().then(resolve, (error: unknown) =>
        logger.debug({ error: String(error) }, 'the rules of destinations could not be read'),
      );
      if (!isClosed) timer = setTimeout(poll, RULES_POLL_MS);
    };
    void poll();
  });
  void outgoing.ownSockets.refresh();
  const names = setInterval(() => void outgoing.ownSockets.refresh(), OWN_NAMES_MS);
  return {
    ready,
    refresh,
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      clearInterval(names);
    },
  };
}
