import { randomUUID } from 'node:crypto';
import type { AttemptRecord } from '../../../src/storage/claims/attempt-recorder.ts';
import type { Outgoing } from '../../../src/storage/claims/claim.ts';
import type { NewEndpoint } from '../../../src/storage/endpoints/endpoint-store.ts';
import { type GateDrain, GateDrains, type GateLook } from '../../../src/storage/gates/gate-drain.ts';
import { recordOf, type StorageUnderTest } from './storage.ts';

/** An endpoint of a customer of its own, and a drain of its gate. */
export interface BatchStage extends GateDrain {
  readonly customerId: string;
  look(room?: number): Promise<GateLook>;
  /** What the gate lets go now, call by call. */
  take(room?: number): Promise<readonly Outgoing[]>;
  /** Publishes events with these data texts, one after another; returns the ids of their deliveries. */
  publish(dataTexts: readonly string[]): Promise<readonly string[]>;
  /** Sets columns of all of the endpoint's deliveries, in SQL. */
  setDeliveries(assignments: string): Promise<void>;
}

/** Sets the stage for an endpoint with these settings. */
export async function setBatchStage(
  storage: StorageUnderTest,
  settings: Partial<NewEndpoint>,
): Promise<BatchStage> {
  const customerId = randomUUID();
  const endpointId = await storage.endpoint({ customerId, ...settings });
  await storage.endpointSwitch.settle(endpointId);
  const drains = new GateDrains(storage.database, storage.secretBox);
  const drain = { endpointId, token: randomUUID() };
  await drains.begin(drain);
  const look = async (room = 100): Promise<GateLook> => await drains.look(drain, { room, owner: 'gate' });
  return {
    ...drain,
    customerId,
    look,
    take: async (room) => {
      const seen = await look(room);
      if (seen.kind !== 'draining') throw new Error(`the gate is ${seen.kind}`);
      return seen.calls.map(({ outgoing }) => outgoing);
    },
    publish: async (dataTexts) => {
      const ids: string[] = [];
      for (const dataText of dataTexts) ids.push(...(await storage.publish({ customerId, dataText })));
      return ids;
    },
    setDeliveries: async (assignments) => {
      const text = `UPDATE open_deliveries SET ${assignments} WHERE endpoint_id = $1`;
      await storage.database.pool.query(text, [endpointId]);
    },
  };
}

/** The records of a call with this verdict. */
export function recordsOf(
  outgoing: Outgoing,
  verdict: AttemptRecord['verdict'],
): readonly [AttemptRecord, ...AttemptRecord[]] {
  const [lead, ...others] = outgoing;
  return [recordOf(lead, verdict), ...others.map((claim) => recordOf(claim, verdict))];
}

/** The only call of several that should be one. */
export function onlyCall(calls: readonly Outgoing[]): Outgoing {
  const [call] = calls;
  if (call === undefined || calls.length > 1) throw new Error(`${calls.length} calls instead of one`);
  return call;
}

/** Ids of the deliveries in a call, in order. */
export function deliveriesIn(outgoing: Outgoing): readonly string[] {
  return outgoing.map(({ deliveryId }) => deliveryId);
}
