import { jest } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import {
  createDrain,
  type DrainDependencies,
  type DrainInput,
  type DrainResult,
} from '../../../activities/drain.ts';
import type { AttemptOutcome } from '../../../src/domain/attempt.ts';
import { createLogger } from '../../../src/logger.ts';
import { createDrainSender } from '../../../src/sending/drain-sender.ts';
import { SendsUnderWay } from '../../../src/sending/sends-under-way.ts';
import { WaveTurns } from '../../../src/sending/wave-turns.ts';
import { answered, type StorageUnderTest } from './storage.ts';

/** A drain over real storage, in a process whose clock runs fast and can be put forward. */
export interface DrainStage {
  readonly sends: SendsUnderWay;
  readonly stopping: AbortController;
  readonly environment: MockActivityEnvironment;
  /** URLs that requests went to, in order. */
  readonly sent: readonly string[];
  /** How often further lanes were woken. */
  readonly wakes: () => number;
  run(input?: Partial<DrainInput>, instead?: Partial<DrainDependencies>): Promise<DrainResult>;
  /** Answers like this from now on; 200 where nothing is said. */
  answerWith(answer: (url: string) => Promise<AttemptOutcome>): void;
  putForward(ms: number): void;
}

const PLACES = 1_000;
/** A drain's look around, once a second, takes a fifth of that. */
const CLOCK_RATE = 5;

/**
 * Sets the stage; call `jest.restoreAllMocks` afterwards for the clock.
 * @param options.places sends that may be under way at a time
 */
export function setDrainStage(storage: StorageUnderTest, { places = PLACES } = {}): DrainStage {
  const sends = new SendsUnderWay(places);
  const stopping = new AbortController();
  const environment = new MockActivityEnvironment();
  const logger = createLogger('silent');
  const sent: string[] = [];
  const putForward = runClockFast();
  let wakes = 0;
  let answer = async (_url: string): Promise<AttemptOutcome> => answered(200);
  const sendClaimed = createDrainSender({
    ...storage,
    send: async ({ url }) => {
      sent.push(url);
      return await answer(url);
    },
    startRun: async () => {},
    returnToWaves: async (claim) => await storage.overdue.returnToWaves(claim),
    onLeft: () => {},
    logger,
    userAgent: 'Posthorn/test',
    headerPrefix: 'X-Webhook-',
  });
  const dependencies: DrainDependencies = {
    waveClaims: storage.waveClaims,
    claims: storage.claims,
    lanes: storage.lanes,
    sends,
    turns: new WaveTurns(),
    sendClaimed,
    timing: storage.timing,
    wakeLanes: async () => {
      wakes += 1;
    },
    stopping: stopping.signal,
    logger,
  };
  return {
    sends,
    stopping,
    environment,
    sent,
    putForward,
    wakes: () => wakes,
    run: async (input = {}, instead = {}) => {
      const drain = createDrain({ ...dependencies, ...instead });
      return (await environment.run(drain, { lane: 0, ...input })) as DrainResult;
    },
    answerWith: (next) => {
      answer = next;
    },
  };
}

function runClockFast(): (ms: number) => void {
  const realNow = performance.now.bind(performance);
  let offset = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => realNow() * CLOCK_RATE + offset);
  return (ms) => {
    offset += ms;
  };
}
