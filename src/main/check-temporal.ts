import type { TemporalTarget } from '../settings/temporal-target.ts';
import { CALL_TIMEOUT_MS, createTemporalClient } from '../temporal/connection.ts';
import { missingSearchAttributes } from '../temporal/ensure-temporal.ts';
import { fixedKey } from '../temporal/rotating-key.ts';
import { type TemporalFaultCode, temporalFaultOf } from '../temporal/temporal-fault.ts';

/** What was found, for people, and the exit code that says the same. */
export interface TemporalCheck {
  readonly text: string;
  readonly exitCode: number;
}

const EXIT_CODES: Readonly<Record<TemporalFaultCode, number>> = {
  temporal_unreachable: 3,
  temporal_certificate_refused: 4,
  temporal_unauthenticated: 5,
  temporal_forbidden: 6,
  temporal_namespace_unknown: 7,
  temporal_not_prepared: 8,
  temporal_failed: 9,
};

/**
 * Looks whether Posthorn can work with a Temporal, and says what an administrator has to create there where it cannot.
 */
export async function checkTemporal(target: TemporalTarget): Promise<TemporalCheck> {
  const { address, namespace, apiKey } = target;
  if (address === null) return { text: 'TEMPORAL_ADDRESS is not set\n', exitCode: 1 };
  const where = `Temporal at ${address}, namespace ${namespace}`;
  const credentials = { ...target, apiKey: apiKey === null ? null : fixedKey(apiKey) };
  const client = createTemporalClient({ address, namespace, credentials });
  try {
    const missing = await client.withDeadline(Date.now() + CALL_TIMEOUT_MS, async () => {
      await client.workflowService.describeNamespace({ namespace });
      return await missingSearchAttributes(client, namespace);
    });
    if (missing.length === 0) return { text: `${where}: ready\n`, exitCode: 0 };
    const text =
      `${where}: temporal_not_prepared: search attributes are missing; create them by\n\n  ` +
      `${creation(namespace, missing)}\n`;
    return { text, exitCode: EXIT_CODES.temporal_not_prepared };
  } catch (error) {
    const { code, reason } = temporalFaultOf(error);
    const hint =
      code === 'temporal_namespace_unknown' ? `; create it by\n\n  ${namespaceCreation(namespace)}` : '';
    return { text: `${where}: ${code}: ${reason}${hint}\n`, exitCode: EXIT_CODES[code] };
  } finally {
    await client.connection.close();
  }
}

function creation(namespace: string, names: readonly string[]): string {
  const each = names.map((name) => `--name ${name} --type Keyword`).join(' ');
  return `temporal operator search-attribute create --namespace ${namespace} ${each}`;
}

function namespaceCreation(namespace: string): string {
  return `temporal operator namespace create --namespace ${namespace} --retention 7d`;
}
