import type { Answer } from './receiver.ts';

/** An answer that a receiver keeps back until it is released. */
export interface GatedAnswer {
  /** For `answerWith`: 204, once released. */
  readonly answer: () => Promise<Answer>;
  readonly release: () => void;
}

/** Keeps requests under way for as long as a test needs them so. */
export function gateAnswer(): GatedAnswer {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return {
    answer: async () => {
      await released;
      return {};
    },
    release,
  };
}
