import type { Client } from '@temporalio/client';
import { Dispatcher } from '../dispatch/dispatcher.ts';
import type { OverdueDeliveries } from '../storage/upkeep/overdue-deliveries.ts';
import { createTemporalClient, type TemporalConnectionOptions } from '../temporal/connection.ts';
import { DeliveryRuns } from '../temporal/delivery-runs.ts';
import { GateRuns } from '../temporal/gate-runs.ts';
import type { EncryptingCodec } from '../temporal/payload-codec.ts';
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
}

export interface TemporalAccessNeeds {
  readonly overdue: OverdueDeliveries;
}

/** Connects on first use. Whoever has it closes the dispatcher, then the client's connection. */
export function connectTemporal(
  { config, temporalAddress, temporalUiUrl, logger }: RoleOptions,
  { overdue }: TemporalAccessNeeds,
): TemporalAccess {
  const namespace = config.temporalNamespace;
  const options = { address: temporalAddress, namespace, codec: createCodec(config) };
  const client = createTemporalClient(options);
  const door = new TemporalDoor(client, logger);
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
  return { options, client, door, runs, waveRuns, gateRuns, dispatcher };
}
