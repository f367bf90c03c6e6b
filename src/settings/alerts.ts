import type { z } from 'zod';
import type { OutageRule } from '../domain/outage.ts';
import { wholeNumber } from './whole-number.ts';

const MINUTE_MS = 60_000;

/** The variables that say when operators are told of hosts that fail, as part of a schema of the environment. */
export const alertSettings = {
  POSTHORN_ALERT_FAILURE_PERCENT: wholeNumber(1, 100).default(50),
  POSTHORN_ALERT_MINIMUM_ATTEMPTS: wholeNumber(1, 10_000).default(5),
  POSTHORN_ALERT_WINDOW_MINUTES: wholeNumber(2, 60).default(5),
  POSTHORN_ALERT_QUIET_MINUTES: wholeNumber(1, 1_440).default(60),
};

type AlertValues = { readonly [Name in keyof typeof alertSettings]: z.output<(typeof alertSettings)[Name]> };

/** The rule that these settings make. */
export function readOutageRule(values: AlertValues): OutageRule {
  return {
    failureRatio: values.POSTHORN_ALERT_FAILURE_PERCENT / 100,
    minimumAttempts: values.POSTHORN_ALERT_MINIMUM_ATTEMPTS,
    windowMs: values.POSTHORN_ALERT_WINDOW_MINUTES * MINUTE_MS,
    quietMs: values.POSTHORN_ALERT_QUIET_MINUTES * MINUTE_MS,
  };
}
