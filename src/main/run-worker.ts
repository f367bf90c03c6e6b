import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createActivities, createWaveActivities } from '../../activities/index.ts';
import { createSendDue } from '../../activities/send-due.ts';
import { SendsUnderWay } from '../../activities/sends-under-way.ts';
import { HealthWatch } from '../../activities/watch-health.ts';
import { NetworkWatch } from '../../activities/watch-network.ts';
import type { OnAnnounced } from '../storage/announcements.ts';
import { Claims } from '../storage/claims.ts';
import { openDatabase } from '../storage/database.ts';
import { DeliveryActions } from '../storage/delivery-actions.ts';
import { DestinationRuleStore } from '../storage/destination-rule-store.ts';
import { DueDeliveries } from '../storage/due-claims.ts';
import { EndpointGate } from '../storage/endpoint-gate.ts';
import { EndpointHealth } from '../storage/endpoint-health.ts';
import { GateClosings } from '../storage/gate-closing.ts';
import { GateDeliveries } from '../storage/gate-deliveries.ts';
import { Leases } from '../storage/leases.ts';
import { MasterKeyHolders } from '../storage/master-key-holders.ts';
import { NetworkSuspicions } from '../storage/network-suspicions.ts';
import { OverdueDeliveries } from '../storage/overdue-deliveries.ts';
import { Records } from '../storage/records.ts';
import { type Released, ReplayReleases } from '../storage/replay-releases.ts';
import { ReplayStore } from '../storage/replay-store.ts';
import { Retention } from '../storage/retention.ts';
import { SecretBox } from '../storage/secret-box.ts';
import { Waves } from '../storage/waves.ts';
import { createTemporalClient } from '../temporal/connection.ts';
import { DeliveryRuns } from '../temporal/delivery-runs.ts';
import { Dispatcher } from '../temporal/dispatcher.ts';
import { GateRuns } from '../temporal/gate-runs.ts';
import { TemporalDoor } from '../temporal/temporal-door.ts';
import { WaveRuns } from '../temporal/wave-runs.ts';
import { startWorker } from '../temporal/worker.ts';
import { createSender, type Sender } from '../transport/sender.ts';
import { announceKeys } from './announce-keys.ts';
import { createCodec } from './create-codec.ts';
import { createOutgoing } from './create-outgoing.ts';
import { followRules } from './follow-rules.ts';
import type { RoleOptions } from './run-api.ts';
import { VERSION } from './version.ts';

export interface RunningWorkerRole {
  /** Takes nothing new, finishes and records the sends under way within the grace time. */
  close(): Promise<void>;
}

const WAKE_AGAIN_AFTER_MS = 1_000;
/** By whether there is a codec that encrypts. */
const WORKFLOW_BUNDLES = { plain: 'workflow-bundle.js', encrypting: 'workflow-bundle-encrypting.js' };

/** Runs the worker role: workflows, and the activities that sign and POST. Returns at once; it waits for Temporal by itself. */
export function runWorker(options: RoleOptions): RunningWorkerRole {
  const { config, databaseUrl, temporalAddress, logger } = options;
  const database = openDatabase(databaseUrl, { logger, plansOnce: true });
  database.watch.start();
  const overdue = new OverdueDeliveries(database);
  const codec = createCodec(config);
  const temporal = { address: temporalAddress, namespace: config.temporalNamespace, codec };
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
  const secretBox = new SecretBox(config.masterKeys);
  const keys = announceKeys({
    role: 'worker',
    keyIds: secretBox.keyIds,
    holders: new MasterKeyHolders(database),
    logger,
  });
  const gateRuns = new GateRuns(door, logger);
  const stopping = new AbortController();
  const sends = new SendsUnderWay();
  const dispatcher = new Dispatcher({
    start: async (start) => await runs.start(start),
    wakeWave: async () => await waveRuns.wake(),
    wakeGate: async (endpointId) => await gateRuns.start(endpointId),
    mode: config.dispatch,
    logger,
  });
  const getGoing = ({ starts, waveRolls, gatesToWake }: Omit<Released, 'count'>): void => {
    dispatcher.wakeGates(gatesToWake);
    dispatcher.offer(starts, { waveRolls });
  };
  const onAnnounced: OnAnnounced = getGoing;
  const gate = new EndpointGate(database, onAnnounced);
  const network = new NetworkWatch({
    suspicions: new NetworkSuspicions(database),
    worker: randomUUID(),
    logger,
  });
  network.start();
  const watch = new HealthWatch({
    health: new EndpointHealth(database, onAnnounced),
    gate,
    wakeGate: async (endpointId) => await gateRuns.wake(endpointId),
    logger,
  });
  const sending = {
    records: new Records(database, { onRecorded: watch.take, onAnnounced }),
    gate,
    network,
    send: async (...[request, options]: Parameters<Sender['send']>) => {
      await following.ready;
      return await sender.send(request, options);
    },
    userAgent: `Posthorn/${VERSION}`,
    logger,
  };
  const dependencies = {
    ...sending,
    claims: new Claims(database, secretBox),
    due: new DueDeliveries(database, secretBox),
    held: new GateDeliveries(database, secretBox),
    closings: new GateClosings(database),
    leases: new Leases(database),
    actions: new DeliveryActions(database),
    retention: new Retention(database, onAnnounced),
    replays: new ReplayStore(database),
    releases: new ReplayReleases(database),
    onReleased: getGoing,
    waves: new Waves(database),
    sends,
    sendDue: createSendDue({
      ...sending,
      startRun: async (start) => await runs.start(start),
      returnToWaves: async (claim) => await overdue.returnToWaves(claim),
      onLeft: wakeIfNoneRolls(waveRuns, sends),
    }),
    cancelRun: async (workflowId: string) => await runs.requestCancel(workflowId),
    wakeLanes: async () => await waveRuns.wakeFurther(),
    wakeWave: async () => await waveRuns.wake(),
    stopping: stopping.signal,
  };
  const worker = startWorker({
    ...temporal,
    activities: createActivities(dependencies),
    waveActivities: createWaveActivities(dependencies),
    workflowBundlePath: bundlePath(codec?.encrypts === true ? 'encrypting' : 'plain'),
    logger,
  });
  return {
    close: async () => {
      stopping.abort();
      await worker.close();
      await sends.untilIdle();
      await watch.untilIdle();
      await network.close();
      await dispatcher.close();
      await sender.close();
      following.close();
      await client.connection.close();
      await keys.close();
      await database.close();
    },
  };
}

function bundlePath(kind: keyof typeof WORKFLOW_BUNDLES): string {
  return fileURLToPath(new URL(`../../${WORKFLOW_BUNDLES[kind]}`, import.meta.url));
}

/** A retry that is left to waves needs one that will come for it; while one rolls here it will. */
function wakeIfNoneRolls(waveRuns: WaveRuns, sends: SendsUnderWay): () => void {
  let wokenAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (sends.isDraining || performance.now() - wokenAt < WAKE_AGAIN_AFTER_MS) return;
    wokenAt = performance.now();
    // Where Temporal is away the reconciling loop wakes one when the time has come.
    waveRuns.wake().catch(() => undefined);
  };
}
