import type { DueClaims, WaveClaims } from '../../../src/storage/claims/wave-claims.ts';

export interface DueOptions {
  /** Of each endpoint and priority; as good as all where absent. */
  readonly most?: number;
  readonly owner?: string;
}

const NEARLY_ALL = 1_000;

/** Claims what waits for waves, as a drain does that looks for all. */
export async function claimDue(
  deliveries: WaveClaims,
  { most = NEARLY_ALL, owner = 'wave/0/1' }: DueOptions = {},
): Promise<DueClaims> {
  const { found } = await deliveries.lookForAll();
  return await deliveries.claim({ owner, turns: found.map((turn) => ({ ...turn, most })) });
}
