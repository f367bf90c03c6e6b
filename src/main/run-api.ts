import { type ApiServer, createApiServer } from '../api/create-api-server.ts';
import type { Config } from '../config.ts';
import { LaneWatch } from '../dispatch/lane-watch.ts';
import { Reconciler } from '../dispatch/reconciler.ts';
import { TIMINGS } from '../domain/timing.ts';
import type { Logger } from '../logger.ts';
import { destinationsRefused } from '../metrics/attempt-metrics.ts';
import { watchStanding } from '../metrics/store-metrics.ts';
import { signRequest } from '../sending/signed-request.ts';
import { senderNameOf } from '../settings/sender-name.ts';
import { CustomerStore } from '../storage/customers/customer-store.ts';
import { Publisher } from '../storage/events/publisher.ts';
import { WideEvents } from '../storage/events/wide-events.ts';
import { EndpointRemoval } from '../storage/gates/endpoint-removal.ts';
import { EndpointSwitch } from '../storage/gates/endpoint-switch.ts';
import { GateUpkeep } from '../storage/gates/gate-upkeep.ts';
import { ListenerStore } from '../storage/listeners/listener-store.ts';
import { RelayStore } from '../storage/listeners/relay-store.ts';
import { WaveLanes } from '../storage/open/wave-lanes.ts';
import { DestinationRuleStore } from '../storage/operator/destination-rule-store.ts';
import { type Database, openDatabase } from '../storage/postgres/database.ts';
import { ReplayStore } from '../storage/replays/replay-store.ts';
import { MasterKeyHolders } from '../storage/sealed/master-key-holders.ts';
import { MasterKeyRotation } from '../storage/sealed/master-key-rotation.ts';
import { SecretBox } from '../storage/sealed/secret-box.ts';
import { OpenStateReader } from '../storage/stats/open-state.ts';
import { OutcomeCounts } from '../storage/stats/outcome-counts.ts';
import { Erasures } from '../storage/upkeep/erasures.ts';
import { ExpiredSends } from '../storage/upkeep/expired-sends.ts';
import { HistoryDays } from '../storage/upkeep/history-days.ts';
import { OverdueDeliveries } from '../storage/upkeep/overdue-deliveries.ts';
import { PayloadExpiry } from '../storage/upkeep/payload-expiry.ts';
import { ScheduledDeliveries } from '../storage/upkeep/scheduled-deliveries.ts';
import { ensureTemporal } from '../temporal/ensure-temporal.ts';
import { ReplayRuns } from '../temporal/replay-runs.ts';
import { TemporalPreparation } from '../temporal/temporal-preparation.ts';
import { checkDestination } from '../transport/destinations/check-destination.ts';
import { announceKeys } from './announce-keys.ts';
import { connectTemporal, type TemporalAccess } from './connect-temporal.ts';
import { apiSocket, createOutgoing } from './create-outgoing.ts';
import { followRules } from './follow-rules.ts';
import { alertOutages } from './loops/alert-outages.ts';
import { countOutcomes } from './loops/count-outcomes.ts';
import { eraseCustomers } from './loops/erase-customers.ts';
import { expirePayloads } from './loops/expire-payloads.ts';
import { keepDays } from './loops/keep-days.ts';
import type { Loop } from './loops/keep-doing.ts';
import { tendListeners } from './loops/tend-listeners.ts';
import type { RoleOptions } from './role-options.ts';
import { CONSOLE_DIRECTORY, DOCUMENT_FILE } from './served-files.ts';
import { standingOf, whyUnusable } from './standing.ts';
import { watchState } from './state-watch.ts';
import { VERSION } from './version.ts';
import { warnOfMissingKeys } from './warn-of-missing-keys.ts';

export interface RunningApi {
  readonly port: number;
  /** Answers what is under way, then stops everything of the role. */
  close(): Promise<void>;
}

/** Runs the API role: accepts and reads over HTTP, starts runs, reconciles. It sends nothing itself. */
export async function runApi(options: RoleOptions): Promise<RunningApi> {
  const { config, logger } = options;
  const database = openDatabase(options.databaseUrl, { logger, timing: TIMINGS[config.timing] });
  database.watch.start();
  const parts = createParts(options, database);
  const { temporal, preparation, reconciler, outgoing, following, secretBox } = parts;
  const server = await createServer(options, { database, ...parts });
  await preparation
    .ensure()
    .catch((error: unknown) => logger.warn({ error: String(error) }, 'Temporal is not prepared yet'));
  const { port } = await server.listen(config.host, config.port);
  outgoing.ownSockets.add(apiSocket({ ...config, port }));
  const figures = showFigures(options, { database, temporal });
  reconciler.start();
  const lanes = new WaveLanes(database);
  const laneWatch = new LaneWatch({
    look: async () => await lanes.standing(),
    wake: async (lane) => await temporal.waveRuns.wake(lane),
    logger,
  });
  if (config.dispatch === 'auto') laneWatch.start();
  const loops = startLoops(options, { database, publisher: parts.publisher, port });
  const holders = new MasterKeyHolders(database);
  const keys = announceKeys({
    role: 'api',
    keyIds: secretBox.keyIds,
    holders,
    timing: TIMINGS[config.timing],
    logger,
  });
  void database.standing.usable.then(async () => {
    logger.info({ host: config.host, port }, 'api ready');
    await warnOfMissingKeys(new MasterKeyRotation(database, secretBox), logger);
  });
  return {
    port,
    close: async () => {
      figures.leave();
      await server.leave(config.shutdownDelayMs);
      await server.close();
      following.close();
      await temporal.dispatcher.close();
      await reconciler.close();
      await laneWatch.close();
      for (const loop of loops) await loop.close();
      await temporal.close();
      await keys.close();
      await figures.close();
      await database.close();
    },
  };
}

/** What goes on by itself with Postgres alone. */
function startLoops(
  { config, logger }: RoleOptions,
  {
    database,
    publisher,
    port,
  }: { readonly database: Database; readonly publisher: Publisher; readonly port: number },
): readonly Loop[] {
  const timing = TIMINGS[config.timing];
  const { retentionDays, payloadRetentionDays } = config;
  const removal = new EndpointRemoval(database);
  const erasures = new Erasures(database, { customers: new CustomerStore(database), removal });
  return [
    countOutcomes({ counts: new OutcomeCounts(database), timing, logger }),
    alertOutages({ database, publisher, config: { ...config, port }, logger }),
    eraseCustomers({ erasures, timing, logger }),
    keepDays({ days: new HistoryDays(database), retentionDays, logger }),
    ...(payloadRetentionDays === null
      ? []
      : [expirePayloads(new PayloadExpiry(database, payloadRetentionDays), logger)]),
    tendListeners({
      listeners: new ListenerStore(database),
      relays: new RelayStore(database),
      endpointSwitch: new EndpointSwitch(database),
      removal,
      timing,
      logger,
    }),
  ];
}

/** Has the process's page tell of this role. */
function showFigures(
  { page: { page }, logger }: RoleOptions,
  { database, temporal }: { readonly database: Database; readonly temporal: TemporalAccess },
): { leave(): void; close(): Promise<void> } {
  const state = watchState(new OpenStateReader(database), logger);
  const forget = watchStanding(standingOf(database, temporal.door));
  let isLeaving = false;
  page?.addRole(async () => (isLeaving ? 'the API is about to stop' : await whyUnusable(database)));
  return {
    leave: () => {
      isLeaving = true;
    },
    close: async () => {
      forget();
      await state.close();
    },
  };
}

function createParts(options: RoleOptions, database: Database) {
  const { config, logger } = options;
  const overdue = new OverdueDeliveries(database);
  const temporal = connectTemporal(options, { overdue });
  const { door, client } = temporal;
  const replayRuns = new ReplayRuns(door, logger);
  const { retentionDays, auditRetentionDays, temporal: target } = config;
  const ensure = async (): Promise<void> =>
    await ensureTemporal(client, { namespace: target.namespace, retentionDays, auditRetentionDays });
  const preparation = new TemporalPreparation(door, ensure);
  const reconciling = { ...temporal, config, database, overdue, replayRuns, preparation, logger };
  const outgoing = createOutgoing(options);
  const publisher = new Publisher(database, {
    onDue: temporal.dispatcher.offer,
    onHeld: temporal.dispatcher.wakeGates,
    onLater: (inMs) => reconciler.wakeIn(inMs),
  });
  const reconciler = createReconciler({
    ...reconciling,
    wideEvents: new WideEvents(database, publisher.tell),
  });
  return {
    temporal,
    replayRuns,
    preparation,
    reconciler,
    publisher,
    outgoing,
    following: followRules({ store: new DestinationRuleStore(database), outgoing, logger }),
    secretBox: new SecretBox(config.masterKeys),
  };
}

interface ServerParts extends ReturnType<typeof createParts> {
  readonly database: Database;
}

async function createServer(
  { config, logger, temporalUiUrl }: RoleOptions,
  { database, secretBox, publisher, temporal, replayRuns, outgoing, following }: ServerParts,
): Promise<ApiServer> {
  const { runs, gateRuns, dispatcher } = temporal;
  return await createApiServer({
    config,
    logger,
    database,
    secretBox,
    publisher,
    runs,
    gateRuns,
    replayRuns,
    wakeWave: dispatcher.wakeWave,
    checkDestination: async (url) => {
      await following.refresh();
      const refusal = await checkDestination(url, outgoing);
      if (refusal !== null) destinationsRefused.inc({ stage: 'setting' });
      return refusal;
    },
    signRequest: (claim, now) => signRequest([claim], { now, ...senderNameOf(config, VERSION) }),
    temporalCodec: { codec: temporal.options.codec, uiUrl: temporalUiUrl },
    version: VERSION,
    consoleDirectory: CONSOLE_DIRECTORY,
    documentFile: DOCUMENT_FILE,
  });
}

interface ReconcilerParts extends Pick<TemporalAccess, 'runs' | 'waveRuns' | 'gateRuns' | 'dispatcher'> {
  readonly config: Config;
  readonly database: Database;
  readonly overdue: OverdueDeliveries;
  readonly wideEvents: WideEvents;
  readonly replayRuns: ReplayRuns;
  readonly preparation: TemporalPreparation;
  readonly logger: Logger;
}

function createReconciler({ database, overdue, wideEvents, runs, ...parts }: ReconcilerParts): Reconciler {
  const expiredSends = new ExpiredSends(database);
  const scheduled = new ScheduledDeliveries(database);
  const lanes = new WaveLanes(database);
  const upkeep = new GateUpkeep(database);
  const endpointSwitch = new EndpointSwitch(database, { onLeftToWaves: parts.dispatcher.wakeWave });
  const replays = new ReplayStore(database);
  return new Reconciler({
    exclusively: async (work) => await overdue.exclusively(work),
    closeExpiredLeases: async () => await expiredSends.closeExpired(),
    moveScheduled: async () => await scheduled.moveDue(parts.dispatcher.offer),
    makeMore: async () => await wideEvents.makeSome(),
    settleHeld: async () => await overdue.settleHeld(),
    nextScheduledInMs: async () => await scheduled.nextInMs(),
    listOverdue: async (limit) => await overdue.list(limit),
    listWaiting: async (limit) => await overdue.listWaiting(limit),
    leaveToWaves: async (deliveryIds) => await overdue.leaveToWaves(deliveryIds),
    waveIsAlive: async () => await lanes.isAlive(),
    closeAbandonedWaves: async () => await lanes.closeAbandoned(),
    wakeWave: async () => await parts.waveRuns.wake(),
    shutUnshutGates: async () => {
      for (const endpointId of await upkeep.listUnshut()) await endpointSwitch.shut(endpointId);
    },
    endPauses: async () => {
      const ids = await upkeep.listPausesOver();
      for (const id of ids) await endpointSwitch.resume(id, { reason: 'The pause was over.' });
      return ids.length;
    },
    listStrayGates: async (limit) => await upkeep.listStray(limit),
    wakeGate: async (endpointId) => await parts.gateRuns.start(endpointId),
    listStrayReplays: async (limit) => await replays.listStray(limit),
    startReplay: async (start) => {
      await parts.replayRuns.start(start);
      await replays.careFor(start.replayId, 0);
    },
    markStarted: async (deliveryIds) => await overdue.markStarted(deliveryIds),
    start: async (start) => await runs.start(start),
    ensureTemporal: async () => await parts.preparation.ensure(),
    mode: parts.config.dispatch,
    roundMs: TIMINGS[parts.config.timing].roundMs,
    logger: parts.logger,
  });
}
