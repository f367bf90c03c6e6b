import { fileURLToPath } from 'node:url';
import { createActivities } from '../../activities/index.ts';
import { Claims } from '../storage/claims.ts';
import { openDatabase } from '../storage/database.ts';
import { DeliveryActions } from '../storage/delivery-actions.ts';
import { EndpointGate } from '../storage/endpoint-gate.ts';
import { Leases } from '../storage/leases.ts';
import { OverdueDeliveries } from '../storage/overdue-deliveries.ts';
import { Records } from '../storage/records.ts';
import { Retention } from '../storage/retention.ts';
import { SecretBox } from '../storage/secret-box.ts';
import { createTemporalClient } from '../temporal/connection.ts';
import { DeliveryRuns } from '../temporal/delivery-runs.ts';
import { startWorker } from '../temporal/worker.ts';
import { createAddressRule } from '../transport/public-address.ts';
import { createSender } from '../transport/sender.ts';
import type { RoleOptions } from './run-api.ts';
import { VERSION } from './version.ts';

export interface RunningWorkerRole {
  /** Takes nothing new, finishes and records the sends under way within the grace time. */
  close(): Promise<void>;
}

const WORKFLOW_BUNDLE = fileURLToPath(new URL('../../workflow-bundle.js', import.meta.url));

/** Runs the worker role: workflows, and the activities that sign and POST. Returns at once; it waits for Temporal by itself. */
export function runWorker({ config, databaseUrl, temporalAddress, logger }: RoleOptions): RunningWorkerRole {
  const database = openDatabase(databaseUrl, { logger });
  database.watch.start();
  const overdue = new OverdueDeliveries(database);
  const temporal = { address: temporalAddress, namespace: config.temporalNamespace };
  const client = createTemporalClient(temporal);
  const runs = new DeliveryRuns({
    client,
    namespace: config.temporalNamespace,
    uiUrl: null,
    findStart: async (deliveryId) => await overdue.find(deliveryId),
    logger,
  });
  const sender = createSender({ rule: createAddressRule({ allowedCidrs: config.allowedDestinations }) });
  const activities = createActivities({
    claims: new Claims(database, new SecretBox(config.masterKey)),
    records: new Records(database),
    leases: new Leases(database),
    actions: new DeliveryActions(database),
    gate: new EndpointGate(database),
    retention: new Retention(database),
    send: sender.send,
    cancelRun: async (deliveryId) => await runs.requestCancel(deliveryId),
    userAgent: `Posthorn/${VERSION}`,
    logger,
  });
  const worker = startWorker({ ...temporal, activities, workflowBundlePath: WORKFLOW_BUNDLE, logger });
  return {
    close: async () => {
      await worker.close();
      await sender.close();
      await client.connection.close();
      await database.close();
    },
  };
}
