/** What a run of the command line reads and writes; the process's own in production. */
export interface Io {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  /** Data, and nothing else. */
  readonly out: (text: string) => void;
  /** Everything else. */
  readonly err: (text: string) => void;
  /** All of standard input. */
  readonly readInput: () => Promise<Buffer>;
  /** One line that a person types; null where nobody is there to be asked. */
  readonly ask: ((question: string) => Promise<string>) | null;
  /** Whether data goes to a terminal. */
  readonly isTerminal: boolean;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
}
