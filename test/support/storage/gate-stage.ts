import { randomUUID } from 'node:crypto';
import { GateDeliveries, type GateDrain, type GateLook } from '../../../src/storage/gates/gate-drain.ts';
import { GateClosings } from '../../../src/storage/gates/gate-upkeep.ts';
import { recordOf, type StorageUnderTest } from './storage.ts';

/** A gate's storage with the moves of a drain, without workflow and sender. */
export interface GateStage {
  readonly closings: GateClosings;
  /** Begins a drain of the endpoint's gate. */
  open(endpointId: string): Promise<GateDrain>;
  look(drain: GateDrain, room: number): Promise<GateLook>;
  /** Delivers what the reconciling loop, gates and waves together find due; they do so again and again. */
  deliverDue(): Promise<void>;
}

const ROOM = 100;
const EVERYTHING = { owner: 'wave/test', limit: 200, usualRoom: 200, rooms: [], aside: [] };

/** Sets the stage over the storage of a test. */
export function setGateStage(storage: StorageUnderTest): GateStage {
  const held = new GateDeliveries(storage.database, storage.secretBox);
  const closings = new GateClosings(storage.database);
  const look: GateStage['look'] = async (drain, room) => await held.look(drain, { room, owner: 'gate/test' });
  const open: GateStage['open'] = async (endpointId) => {
    const drain = { endpointId, token: randomUUID() };
    await held.open(drain);
    return drain;
  };
  const drainGate = async (endpointId: string): Promise<void> => {
    const drain = await open(endpointId);
    for (;;) {
      const looked = await look(drain, ROOM);
      if (looked.kind !== 'draining' || looked.calls.length === 0) break;
      for (const claim of looked.calls.flatMap(({ outgoing }) => outgoing))
        await storage.records.record(recordOf(claim, { kind: 'delivered' }));
    }
    await closings.close(drain);
  };
  const drainWaves = async (): Promise<void> => {
    for (;;) {
      const { claims } = await storage.dueDeliveries.claim(EVERYTHING);
      if (claims.length === 0) return;
      for (const claim of claims) await storage.records.record(recordOf(claim, { kind: 'delivered' }));
    }
  };
  return {
    closings,
    open,
    look,
    deliverDue: async () => {
      await storage.overdue.settleHeld();
      for (const endpointId of await closings.listStray(1_000)) await drainGate(endpointId);
      await drainWaves();
    },
  };
}
