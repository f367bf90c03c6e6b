import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { ProcessPage } from './open-page.ts';

/** What a role needs to know once its servers are there. */
export interface RoleOptions {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly temporalUiUrl: string | null;
  readonly page: ProcessPage;
  /** Every port on loopback that a Temporal server of our own listens on; absent where it is not ours. */
  readonly temporalPorts?: () => readonly number[];
  readonly logger: Logger;
}
