import type { Client } from '@temporalio/client';
import type { Config } from '../config.ts';
import { Dispatcher } from '../dispatch/dispatcher.ts';
import type { Logger } from '../logger.ts';
import type { OverdueDeliveries } from '../storage/upkeep/overdue-deliveries.ts';
import { createTemporalClient, type TemporalConnectionOptions } from '../temporal/connection.ts';
import { DeliveryRuns } from '../temporal/delivery-runs.ts';
import { GateRuns } from '../temporal/gate-runs.ts';
import type { EncryptingCodec } from '../temporal/payload-codec.ts';
import { fixedKey, followKeyFile, type RotatingKey } from '../temporal/rotating-key.ts';
import { TemporalDoor } from '../temporal/temporal-door.ts';
import { WaveRuns } from '../temporal/wave-runs.ts';
import { createCodec } from './create-codec.ts';
import type { RoleOptions } from './role-options.ts';

/** How a process reaches Temporal, and what starts runs there. */
export interface TemporalAccess {
  readonly options: TemporalConnectionOptions & { readonly codec: EncryptingCodec | null };
  readonly client: Client;
  readonly door: TemporalDoor;
  readonly runs: DeliveryRuns;
  readonly waveRuns: WaveRuns;
  readonly gateRuns: GateRuns;
  readonly dispatcher: Dispatcher;
  /** To be called once the dispatcher is closed. */
  close(): Promise<void>;
}

export interface TemporalAccessNeeds {
  readonly overdue: OverdueDeliveries;
}

/** Connects on first use. Whoever has it closes the dispatcher, then this. */
export function connectTemporal(
  { config, temporalAddress: address, temporalUiUrl, logger }: RoleOptions,
  { overdue }: TemporalAccessNeeds,
): TemporalAccess {
  const { namespace } = config.temporal;
  const apiKey = keyOf(config.temporal, logger);
  const credentials = { ...config.temporal, apiKey };
  const options = { address, namespace, credentials, codec: createCodec(config) };
  const client = createTemporalClient(options);
  const door = new TemporalDoor(client, { place: { address, namespace }, logger });
  door.watch();
  const runs = new DeliveryRuns({
    door,
    namespace,
    uiUrl: temporalUiUrl,
    findStart: async (deliveryId) => await overdue.find(deliveryId),
    logger,
  });
  const waveRuns = new WaveRuns(door, namespace);
  const gateRuns = new GateRuns(door, logger);
  const dispatcher = new Dispatcher({
    start: async (start) => await runs.start(start),
    wakeWave: async () => await waveRuns.wake(),
    wakeGate: async (endpointId) => await gateRuns.start(endpointId),
    mode: config.dispatch,
    logger,
  });
  const close = async (): Promise<void> => {
    door.close();
    apiKey?.close();
    await client.connection.close();
  };
  return { options, client, door, runs, waveRuns, gateRuns, dispatcher, close };
}

function keyOf({ apiKey, apiKeyFile }: Config['temporal'], logger: Logger): RotatingKey | null {
  if (apiKey === null) return null;
  return apiKeyFile === null ? fixedKey(apiKey) : followKeyFile(apiKeyFile, { first: apiKey, logger });
}
