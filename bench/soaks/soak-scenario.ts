import type { Stage } from '../stage/stage.ts';

/** One promise put to the test. */
export interface Check {
  readonly promise: string;
  readonly measured: string;
  readonly kept: boolean;
}

/** What every scenario gets. */
export interface SoakContext {
  /** How much of it: failures, events or deliveries. */
  readonly count: number;
  /** Events a second; the scenario's own where null. */
  readonly rate: number | null;
  /** How often workers are killed; for as long as events are published where null. */
  readonly kills: number | null;
  /** How long what is cut off stays away, at most. */
  readonly outageSeconds: number;
  /** The revision that is replaced by this one; the last release, or this one itself, where null. */
  readonly from: string | null;
  /** The alerts whose drills are run; those of all where null. */
  readonly only: readonly string[] | null;
  readonly stage: Stage;
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

/** A long run of something that must not wear Posthorn out. */
export interface SoakScenario {
  readonly name: string;
  readonly summary: string;
  readonly defaultCount: number;
  /** Small enough to be quick, large enough to mean something. */
  readonly leastCount: number;
  run(context: SoakContext): Promise<readonly Check[]>;
}
