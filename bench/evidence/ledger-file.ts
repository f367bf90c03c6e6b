import { closeSync, openSync, writeSync } from 'node:fs';

/**
 * A ledger that one process appends to: JSON lines, numbered from 1, each with its time in milliseconds since the
 * epoch.
 */
export interface LedgerFile {
  readonly file: string;
  note(entry: Readonly<Record<string, unknown>> & { readonly kind: string }): void;
  close(): void;
}

/** Opens a new ledger. @throws where the file is there already */
export function openLedgerFile(file: string): LedgerFile {
  const descriptor = openSync(file, 'ax');
  let seq = 0;
  return {
    file,
    note(entry) {
      seq += 1;
      writeSync(
        descriptor,
        `${JSON.stringify({ seq, at: performance.timeOrigin + performance.now(), ...entry })}\n`,
      );
    },
    close: () => closeSync(descriptor),
  };
}
