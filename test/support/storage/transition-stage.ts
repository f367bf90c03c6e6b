import { randomUUID } from 'node:crypto';
import type { DeliveryStatus } from '../../../src/domain/delivery.ts';
import { createLogger } from '../../../src/logger.ts';
import type { Claim } from '../../../src/storage/claims/claim.ts';
import { RunClaims } from '../../../src/storage/claims/run-claims.ts';
import type { NewEndpoint } from '../../../src/storage/endpoints/endpoint-store.ts';
import type { NewEvent } from '../../../src/storage/events/new-event.ts';
import { openDatabase } from '../../../src/storage/postgres/database.ts';
import { type GateStage, setGateStage } from './gate-stage.ts';
import { recordOf, request, type StorageUnderTest } from './storage.ts';

/** A delivery in some state, of an endpoint of its own. */
export interface StagedDelivery {
  readonly id: string;
  readonly endpointId: string;
  /** Its last claim; null where it was never claimed. */
  readonly claim: Claim | null;
}

/**
 * Brings deliveries into each state by what the stores offer, never by columns. Leases of what it claims end at once.
 */
export interface TransitionStage {
  readonly gates: GateStage;
  bring(status: DeliveryStatus): Promise<StagedDelivery>;
  statusOf(id: string): Promise<DeliveryStatus | null>;
  close(): Promise<void>;
}

/** Has the endpoint's gate hold whatever is published. */
const ALWAYS_SHUT: Partial<NewEndpoint> = { maxConcurrency: 5 };
const RETRY = { kind: 'retry', delayMs: 0 } as const;

/** Sets the stage over the storage of a test. */
export function setTransitionStage(storage: StorageUnderTest): TransitionStage {
  const timing = { ...storage.database.timing, leaseMarginMs: 0 };
  const database = openDatabase(storage.databaseUrl, { logger: createLogger('silent'), timing });
  const claims = new RunClaims(database, storage.secretBox);
  const gates = setGateStage(storage);

  const publish = async (
    { disabled = false, ...settings }: Partial<NewEndpoint> & { readonly disabled?: boolean } = {},
    event: Partial<NewEvent> = {},
  ): Promise<StagedDelivery> => {
    const customerId = randomUUID();
    const endpointId = await storage.endpoint({ customerId, timeoutMs: 1, ...settings });
    if (disabled) await storage.endpointSwitch.disable(endpointId, 'by_hand');
    const [id = ''] = await storage.publish({ customerId, ...event });
    if (disabled) await storage.endpointSwitch.enable(endpointId);
    return { id, endpointId, claim: null };
  };
  const sending = async () => {
    const staged = await publish();
    const claim = await claims.claim(request(staged.id));
    if (claim === null) throw new Error('there was nothing to claim');
    return { ...staged, claim };
  };
  const recorded = async (...[verdict]: [Parameters<typeof recordOf>[1]]): Promise<StagedDelivery> => {
    const staged = await sending();
    await storage.recorder.record({ ...recordOf(staged.claim, verdict), next: 'wave' });
    return staged;
  };
  const held = async (): Promise<StagedDelivery> => {
    const staged = await publish(ALWAYS_SHUT);
    const look = await gates.look(await gates.open(staged.endpointId), 1);
    const claim = look.kind === 'draining' ? look.calls[0]?.outgoing[0] : undefined;
    if (claim === undefined) throw new Error(`the gate let nothing go: ${look.kind}`);
    await storage.recorder.record(recordOf(claim, RETRY));
    return { ...staged, claim };
  };
  const cancelled = async (): Promise<StagedDelivery> => {
    const staged = await sending();
    await storage.actions.cancel(staged.id);
    return staged;
  };
  const ways: Readonly<Record<DeliveryStatus, () => Promise<StagedDelivery>>> = {
    scheduled: async () => await publish({}, { deliverAt: new Date(Date.now() - 1_000) }),
    queued: async () => await publish(),
    sending,
    retrying: async () => await recorded(RETRY),
    held,
    delivered: async () => await recorded({ kind: 'delivered' }),
    dead: async () => await recorded({ kind: 'dead', reason: 'retries_exhausted' }),
    cancelled,
    skipped: async () => await publish({ disabled: true }),
  };
  return {
    gates,
    bring: async (status) => await ways[status](),
    statusOf: async (id) => {
      const { status } = await storage.delivery(id);
      return (status as DeliveryStatus | undefined) ?? null;
    },
    close: async () => await database.close(),
  };
}
