import { fileURLToPath } from 'node:url';
import { createActivities, createWaveActivities } from '../../activities/index.ts';
import { SendsUnderWay } from '../../activities/sends-under-way.ts';
import type { DeliveryStart } from '../domain/delivery-start.ts';
import type { Claim } from '../storage/claim.ts';
import { Claims } from '../storage/claims.ts';
import { openDatabase } from '../storage/database.ts';
import { DeliveryActions } from '../storage/delivery-actions.ts';
import { DestinationRuleStore } from '../storage/destination-rule-store.ts';
import { DueDeliveries } from '../storage/due-claims.ts';
import { EndpointGate } from '../storage/endpoint-gate.ts';
import { Leases } from '../storage/leases.ts';
import { OverdueDeliveries } from '../storage/overdue-deliveries.ts';
import { Records } from '../storage/records.ts';
import { Retention } from '../storage/retention.ts';
import { SecretBox } from '../storage/secret-box.ts';
import { Waves } from '../storage/waves.ts';
import { createTemporalClient } from '../temporal/connection.ts';
import { DeliveryRuns } from '../temporal/delivery-runs.ts';
import { TemporalDoor } from '../temporal/temporal-door.ts';
import { WaveRuns } from '../temporal/wave-runs.ts';
import { startWorker } from '../temporal/worker.ts';
import { createSender, type Sender } from '../transport/sender.ts';
import { createOutgoing } from './create-outgoing.ts';
import { followRules } from './follow-rules.ts';
import type { RoleOptions } from './run-api.ts';
import { VERSION } from './version.ts';

export interface RunningWorkerRole {
  /** Takes nothing new, finishes and records the sends under way within the grace time. */
  close(): Promise<void>;
}

const WORKFLOW_BUNDLE = fileURLToPath(new URL('../../workflow-bundle.js', import.meta.url));

/** Runs the worker role: workflows, and the activities that sign and POST. Returns at once; it waits for Temporal by itself. */
export function runWorker(options: RoleOptions): RunningWorkerRole {
  const { config, databaseUrl, temporalAddress, logger } = options;
  const database = openDatabase(databaseUrl, { logger, plansOnce: true });
  database.watch.start();
  const overdue = new OverdueDeliveries(database);
  const temporal = { address: temporalAddress, namespace: config.temporalNamespace };
  const client = createTemporalClient(temporal);
  const door = new TemporalDoor(client, logger);
  const runs = new DeliveryRuns({
    door,
    namespace: config.temporalNamespace,
    uiUrl: null,
    findStart: async (deliveryId) => await overdue.find(deliveryId),
    logger,
  });
  const waveRuns = new WaveRuns(door, config.temporalNamespace);
  const outgoing = createOutgoing(options);
  const following = followRules({ store: new DestinationRuleStore(database), outgoing, logger });
  const sender = createSender({
    ...outgoing,
    egress: config.egressAddresses,
    proxy: config.proxyUrl,
    allowTls12: config.allowTls12,
    ca: config.authorities,
  });
  const secretBox = new SecretBox(config.masterKey);
  const stopping = new AbortController();
  const sends = new SendsUnderWay();
  const dependencies = {
    claims: new Claims(database, secretBox),
    due: new DueDeliveries(database, secretBox),
    records: new Records(database),
    leases: new Leases(database),
    actions: new DeliveryActions(database),
    gate: new EndpointGate(database),
    retention: new Retention(database),
    waves: new Waves(database),
    sends,
    send: async (...[request, options]: Parameters<Sender['send']>) => {
      await following.ready;
      return await sender.send(request, options);
    },
    startRun: async (start: DeliveryStart) => await runs.start(start),
    returnToWaves: async (claim: Claim) => await overdue.returnToWaves(claim),
    cancelRun: async (deliveryId: string) => await runs.requestCancel(deliveryId),
    wakeLanes: async () => await waveRuns.wakeFurther(),
    stopping: stopping.signal,
    userAgent: `Posthorn/${VERSION}`,
    logger,
  };
  const worker = startWorker({
    ...temporal,
    activities: createActivities(dependencies),
    waveActivities: createWaveActivities(dependencies),
    workflowBundlePath: WORKFLOW_BUNDLE,
    logger,
  });
  return {
    close: async () => {
      stopping.abort();
      await worker.close();
      await sends.untilIdle();
      await sender.close();
      following.close();
      await client.connection.close();
      await database.close();
    },
  };
}
