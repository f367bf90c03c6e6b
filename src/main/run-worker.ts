import { randomUUID } from 'node:crypto';
import { totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createActivities, createWaveActivities } from '../../activities/index.ts';
import { isListenerUrl } from '../domain/listener.ts';
import { placesIn } from '../domain/places.ts';
import { TIMINGS } from '../domain/timing.ts';
import { countCreated } from '../metrics/publish-metrics.ts';
import { watchStanding } from '../metrics/store-metrics.ts';
import { createDrainSender } from '../sending/drain-sender.ts';
import { HealthWatch } from '../sending/health-watch.ts';
import { NetworkWatch } from '../sending/network-watch.ts';
import { RelaySender } from '../sending/relay-sender.ts';
import type { SendingDependencies } from '../sending/send-and-record.ts';
import { SendsUnderWay } from '../sending/sends-under-way.ts';
import { WaveTurns } from '../sending/wave-turns.ts';
import { senderNameOf } from '../settings/sender-name.ts';
import { AttemptRecorder } from '../storage/claims/attempt-recorder.ts';
import { RunClaims } from '../storage/claims/run-claims.ts';
import { WaveClaims } from '../storage/claims/wave-claims.ts';
import type { OnAnnounced } from '../storage/events/announcements.ts';
import { BreakerStore } from '../storage/gates/breaker-store.ts';
import { EndpointSwitch } from '../storage/gates/endpoint-switch.ts';
import { GateDrains } from '../storage/gates/gate-drain.ts';
import { GateUpkeep } from '../storage/gates/gate-upkeep.ts';
import { RelayStore } from '../storage/listeners/relay-store.ts';
import { DeliveryActions } from '../storage/open/delivery-actions.ts';
import { WaveLanes } from '../storage/open/wave-lanes.ts';
import { DestinationRuleStore } from '../storage/operator/destination-rule-store.ts';
import { NetworkSuspicions } from '../storage/operator/network-suspicions.ts';
import { type Database, openDatabase } from '../storage/postgres/database.ts';
import { ReplayReleases } from '../storage/replays/replay-releases.ts';
import type { Released } from '../storage/replays/replay-step.ts';
import { ReplayStore, replayOutage } from '../storage/replays/replay-store.ts';
import { MasterKeyHolders } from '../storage/sealed/master-key-holders.ts';
import { SecretBox } from '../storage/sealed/secret-box.ts';
import { ExpiredSends } from '../storage/upkeep/expired-sends.ts';
import { OverdueDeliveries } from '../storage/upkeep/overdue-deliveries.ts';
import { Retention } from '../storage/upkeep/retention.ts';
import type { WaveRuns } from '../temporal/wave-runs.ts';
import { startWorker } from '../temporal/worker.ts';
import { createSender } from '../transport/sender.ts';
import { announceKeys } from './announce-keys.ts';
import { connectTemporal, type TemporalAccess } from './connect-temporal.ts';
import { createOutgoing } from './create-outgoing.ts';
import { followRules } from './follow-rules.ts';
import type { RoleOptions } from './role-options.ts';
import { standingOf, whyUnusable } from './standing.ts';
import { VERSION } from './version.ts';

export interface RunningWorkerRole {
  /** Takes nothing new, finishes and records the sends under way within the grace time. */
  close(): Promise<void>;
}

const WAKE_AGAIN_AFTER_MS = 1_000;
/** By whether there is a codec that encrypts. */
const WORKFLOW_BUNDLES = { plain: 'workflow-bundle.js', encrypting: 'workflow-bundle-encrypting.js' };

/**
 * Runs the worker role: workflows, and the activities that sign and POST. Returns at once; it waits for Temporal by
 * itself.
 */
export function runWorker(options: RoleOptions): RunningWorkerRole {
  const { config, databaseUrl, logger } = options;
  const database = openDatabase(databaseUrl, { logger, plansOnce: true, timing: TIMINGS[config.timing] });
  database.watch.start();
  const overdue = new OverdueDeliveries(database);
  const temporal = connectTemporal(options, { overdue });
  const secretBox = new SecretBox(config.masterKeys);
  const holders = new MasterKeyHolders(database);
  const keys = announceKeys({
    role: 'worker',
    keyIds: secretBox.keyIds,
    holders,
    timing: TIMINGS[config.timing],
    logger,
  });
  const sending = createSending(options, { database, temporal });
  const stopping = new AbortController();
  const maxInFlight = config.maxInFlight ?? placesIn(totalmem());
  const sends = new SendsUnderWay(maxInFlight);
  const dependencies = {
    ...createStores({ database, secretBox, onAnnounced: sending.onAnnounced }),
    ...sending.means,
    ...createRunStarters({ sending, temporal, overdue, sends }),
    onReleased: sending.getGoing,
    sends,
    turns: new WaveTurns(),
    stopping: stopping.signal,
  };
  const worker = startWorker({
    ...temporal.options,
    version: config.workerVersion,
    mayBegin: database.standing.usable,
    activities: createActivities(dependencies),
    waveActivities: createWaveActivities(dependencies),
    maxInFlight,
    workflowBundlePath: bundlePath(temporal.options.codec?.encrypts === true ? 'encrypting' : 'plain'),
    logger,
  });
  const forget = watchStanding(standingOf(database, temporal.door));
  options.page.page?.addRole(async () =>
    worker.isRunning()
      ? await whyUnusable(database)
      : 'the worker takes no work: Temporal is away, or it stops',
  );
  return {
    close: async () => {
      forget();
      stopping.abort();
      await worker.close();
      await sends.untilIdle();
      await sending.close();
      await temporal.close();
      await keys.close();
      await database.close();
    },
  };
}

type Sending = ReturnType<typeof createSending>;

/** What signs, POSTs and records, and watches what comes of it. */
function createSending(
  options: RoleOptions,
  { database, temporal }: { readonly database: Database; readonly temporal: TemporalAccess },
) {
  const { config, logger } = options;
  const { dispatcher, gateRuns } = temporal;
  const outgoing = createOutgoing(options);
  const following = followRules({ store: new DestinationRuleStore(database), outgoing, logger });
  const { egressAddresses: egress, proxyUrl: proxy, allowTls12, authorities: ca } = config;
  const sender = createSender({ ...outgoing, egress, proxy, allowTls12, ca });
  const getGoing = ({ starts, waveRolls, gatesToWake }: Omit<Released, 'count'>): void => {
    dispatcher.wakeGates(gatesToWake);
    dispatcher.offer(starts, { waveRolls });
  };
  const onAnnounced: OnAnnounced = (inserted) => {
    countCreated(inserted.states);
    getGoing(inserted);
  };
  const endpointSwitch = new EndpointSwitch(database, {
    onAnnounced,
    onLeftToWaves: dispatcher.wakeWave,
  });
  const suspicions = new NetworkSuspicions(database);
  const network = new NetworkWatch({
    suspicions,
    worker: randomUUID(),
    timing: TIMINGS[config.timing],
    logger,
  });
  network.start();
  const breakers = new BreakerStore(database, { onAnnounced, onRecovered: replayOutage });
  const wakeGate = async (endpointId: string): Promise<void> => await gateRuns.wake(endpointId);
  const watch = new HealthWatch({ breakers, endpointSwitch, wakeGate, logger });
  const recorder = new AttemptRecorder(database, { onRecorded: watch.take, onAnnounced });
  const relays = new RelaySender(new RelayStore(database), logger);
  const send: SendingDependencies['send'] = async (request, how) => {
    if (isListenerUrl(request.url)) return await relays.send(request, how);
    await following.ready;
    return await sender.send(request, how);
  };
  return {
    means: {
      recorder,
      endpointSwitch,
      network,
      send,
      ...senderNameOf(config, VERSION),
      timing: TIMINGS[config.timing],
      logger,
    },
    getGoing,
    onAnnounced,
    close: async (): Promise<void> => {
      await watch.untilIdle();
      await network.close();
      await dispatcher.close();
      await sender.close();
      following.close();
    },
  };
}

function createStores({
  database,
  secretBox,
  onAnnounced,
}: {
  readonly database: Database;
  readonly secretBox: SecretBox;
  readonly onAnnounced: OnAnnounced;
}) {
  return {
    claims: new RunClaims(database, secretBox),
    waveClaims: new WaveClaims(database, secretBox),
    drains: new GateDrains(database, secretBox),
    upkeep: new GateUpkeep(database),
    expiredSends: new ExpiredSends(database),
    actions: new DeliveryActions(database),
    retention: new Retention(database, onAnnounced),
    replays: new ReplayStore(database),
    releases: new ReplayReleases(database),
    lanes: new WaveLanes(database),
  };
}

/** What leads activities to other runs. */
function createRunStarters({
  sending,
  temporal,
  overdue,
  sends,
}: {
  readonly sending: Sending;
  readonly temporal: TemporalAccess;
  readonly overdue: OverdueDeliveries;
  readonly sends: SendsUnderWay;
}) {
  const { runs, waveRuns } = temporal;
  return {
    sendClaimed: createDrainSender({
      ...sending.means,
      startRun: async (start) => await runs.start(start),
      returnToWaves: async (claim) => await overdue.returnToWaves(claim),
      onLeft: wakeIfNoneRolls(waveRuns, sends),
    }),
    cancelRun: async (workflowId: string) => await runs.requestCancel(workflowId),
    wakeLanes: async () => await waveRuns.wakeFurther(),
    wakeWave: async () => await waveRuns.wake(),
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
