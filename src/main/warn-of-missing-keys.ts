import type { Logger } from '../logger.ts';
import type { MasterKeyRotation } from '../storage/sealed/master-key-rotation.ts';

/** Looks once whether something is sealed with a master key that this process lacks, and says so in the log. */
export async function warnOfMissingKeys(
  rotation: Pick<MasterKeyRotation, 'keyIds' | 'survey'>,
  logger: Logger,
): Promise<void> {
  try {
    const { sealed } = await rotation.survey();
    const known: readonly (string | null)[] = [null, ...rotation.keyIds];
    const missing = sealed.filter(({ keyId }) => !known.includes(keyId));
    if (missing.length === 0) return;
    const facts = {
      master_key_ids: missing.map(({ keyId }) => keyId),
      values: missing.reduce((sum, { count }) => sum + count, 0),
    };
    logger.error(facts, 'POSTHORN_MASTER_KEY lacks master keys that secrets are sealed with: add them');
  } catch (error) {
    logger.debug({ error: String(error) }, 'what is sealed could not be looked at');
  }
}
