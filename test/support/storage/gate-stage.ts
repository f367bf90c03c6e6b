import { randomUUID } from 'node:crypto';
import { type GateDrain, GateDrains, type GateLook } from '../../../src/storage/gates/gate-drain.ts';
import { GateUpkeep } from '../../../src/storage/gates/gate-upkeep.ts';
import { claimDue } from './claim-due.ts';
import { recordOf, type StorageUnderTest } from './storage.ts';

/** A gate's storage with the moves of a drain, without workflow and sender. */
export interface GateStage {
  readonly upkeep: GateUpkeep;
  /** Begins a drain of the endpoint's gate. */
  open(endpointId: string): Promise<GateDrain>;
  look(drain: GateDrain, room: number): Promise<GateLook>;
  /** Delivers what the reconciling loop, gates and waves together find due; they do so again and again. */
  deliverDue(): Promise<void>;
}

const ROOM = 100;

/** Sets the stage over the storage of a test. */
export function setGateStage(storage: StorageUnderTest): GateStage {
  const drains = new GateDrains(storage.database, storage.secretBox);
  const upkeep = new GateUpkeep(storage.database);
  const look: GateStage['look'] = async (drain, room) =>
    await drains.look(drain, { room, owner: 'gate/test' });
  const open: GateStage['open'] = async (endpointId) => {
    const drain = { endpointId, token: randomUUID() };
    await drains.begin(drain);
    return drain;
  };
  const drainGate = async (endpointId: string): Promise<void> => {
    const drain = await open(endpointId);
    for (;;) {
      const looked = await look(drain, ROOM);
      if (looked.kind !== 'draining' || looked.calls.length === 0) break;
      for (const claim of looked.calls.flatMap(({ outgoing }) => outgoing))
        await storage.recorder.record(recordOf(claim, { kind: 'delivered' }));
    }
    await upkeep.endDrain(drain);
  };
  const drainWaves = async (): Promise<void> => {
    for (;;) {
      const { claims } = await claimDue(storage.waveClaims);
      if (claims.length === 0) return;
      for (const claim of claims) await storage.recorder.record(recordOf(claim, { kind: 'delivered' }));
    }
  };
  return {
    upkeep,
    open,
    look,
    deliverDue: async () => {
      await storage.overdue.settleHeld();
      for (const endpointId of await upkeep.listStray(1_000)) await drainGate(endpointId);
      await drainWaves();
    },
  };
}
