/** Test files that run together where all tests run: those of these folders below test, in so many suites. */
export interface Suite {
  readonly folders: readonly string[];
  readonly parts: number;
}

export declare const SUITES: Readonly<Record<string, Suite>>;
