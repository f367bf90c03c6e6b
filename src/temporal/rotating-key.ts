import { readFileSync } from 'node:fs';
import type { Logger } from '../logger.ts';

/** A key that may be replaced while it is used. */
export interface RotatingKey {
  /** The key as it is now. */
  current(): string;
  /** Hears of each new key, until the function that it returns is called. */
  follow(listener: (key: string) => void): () => void;
  close(): void;
}

const LOOK_EVERY_MS = 1_000;

/**
 * Follows a key in a file, which whoever rotates it writes anew. While the file cannot be read, or is empty as in the
 * middle of being written, the last key is used.
 * @param first the key as it was read at the start
 */
export function followKeyFile(
  file: string,
  { first, logger }: { first: string; logger: Logger },
): RotatingKey {
  const listeners = new Set<(key: string) => void>();
  let key = first;
  let problem: string | null = null;
  const look = (): void => {
    const found = read(file);
    if (found.problem !== problem && found.problem !== null)
      logger.warn(
        { file, reason: found.problem },
        'TEMPORAL_API_KEY_FILE cannot be read: its last key is used',
      );
    problem = found.problem;
    if (found.key === null || found.key === key) return;
    key = found.key;
    logger.info({ file }, 'TEMPORAL_API_KEY_FILE has a new key');
    for (const listener of listeners) listener(key);
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return {
    current: () => key,
    follow: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => clearInterval(timer),
  };
}

/** A key that stays the same. */
export function fixedKey(key: string): RotatingKey {
  return { current: () => key, follow: () => () => {}, close: () => {} };
}

function read(file: string): { readonly key: string | null; readonly problem: string | null } {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return text === '' ? { key: null, problem: null } : { key: text, problem: null };
  } catch (error) {
    return { key: null, problem: error instanceof Error ? error.message : String(error) };
  }
}
