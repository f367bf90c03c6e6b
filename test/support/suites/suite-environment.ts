import type { Circus } from '@jest/types';
import { TestEnvironment } from 'jest-environment-node';

/** What a suite asks of its environment. */
export interface SuiteControl {
  /**
   * What is declared from now on belongs to the last block that was described, until the returned function is called.
   */
  enterLastBlock(): () => void;
}

/**
 * Lets one test file run others: blocks and hooks that they declare at their top level go into a block of their own.
 * Node keeps modules by process, but Jest loads them anew for each test file, and frameworks take longer to load than
 * their tests to run.
 */
export default class SuiteEnvironment extends TestEnvironment {
  #state: Circus.State | null = null;

  override async setup(): Promise<void> {
    await super.setup();
    const control: SuiteControl = { enterLastBlock: () => this.#enterLastBlock() };
    Object.assign(this.global, { suiteControl: control });
  }

  readonly handleTestEvent = (_event: Circus.Event, state: Circus.State): void => {
    this.#state = state;
  };

  #enterLastBlock(): () => void {
    const state = this.#state;
    const block = state?.currentDescribeBlock.children.at(-1);
    if (state === null || block?.type !== 'describeBlock') throw new Error('no block was described');
    const outer = state.currentDescribeBlock;
    state.currentDescribeBlock = block;
    return () => {
      state.currentDescribeBlock = outer;
    };
  }
}
