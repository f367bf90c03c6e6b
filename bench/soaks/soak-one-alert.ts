import { setTimeout as sleep } from 'node:timers/promises';
import { type Receiver, startReceiver } from '../../test/support/receivers/receiver.ts';
import { runOpenLoop } from '../load/open-loop.ts';
import { waitForEnds } from '../load/settled.ts';
import type { Ledger } from '../measure/ledger.ts';
import { inSetting, type Setting } from '../setting.ts';
import { NEVER_BREAKS } from '../stage/never-breaks.ts';
import type { Check, SoakContext, SoakScenario } from './soak-scenario.ts';

const FAILING = 'endpoint.failing';
const RECOVERED = 'endpoint.recovered';
const CUSTOMERS = 0;
const OPERATORS = 1;
const EVENTS_PER_SECOND = 100;
/** A success now and then neither ends an outage nor lets the breaker hold back what is to fail. */
const REFUSED_SHARE = 0.998;
const SETTINGS = {
  retry: { strategy: 'fixed', max_retries: 0 },
  breaker: NEVER_BREAKS,
};
const ALERT_WITHIN_SECONDS = 120;
/** Failures of two minutes have to be outnumbered. */
const RECOVERY_PATIENCE_MS = 300_000;
const SETTLE_MS = 120_000;
/** Two looks at hosts: whatever were told twice would be told then. */
const QUIET_MS = 60_000;

/** Whatever number of attempts fail, people are called once. */
export const oneAlert: SoakScenario = {
  name: 'one-alert',
  summary: 'failures of one endpoint, of which operators are told once, and once that it is well again',
  defaultCount: 10_000,
  leastCount: 100,
  run: async (context) => {
    const desk = await startReceiver();
    try {
      return await inSetting(context, {}, async (setting) => await run(context, { setting, desk }));
    } finally {
      await desk.close();
    }
  },
};

interface AlertedSetting {
  readonly setting: Setting;
  /** Where operators are told. */
  readonly desk: Receiver;
}

async function run(context: SoakContext, { setting, desk }: AlertedSetting): Promise<readonly Check[]> {
  const { count, signal, onProgress } = context;
  const ratePerSecond = context.rate ?? EVENTS_PER_SECOND;
  const { receiver, publisher, postgres, installation } = setting;
  const ledger = setting.openLedger();
  await installation.startWorker();
  const alerts = { url: desk.url, customer_id: null, events: [FAILING, RECOVERED] };
  await setting.createEndpoint(OPERATORS, alerts);
  await setting.createEndpoint(CUSTOMERS, SETTINGS);
  const publish = async (index: number) => await publisher.publish(ledger.begin(`job-${index}`));

  receiver.behave(CUSTOMERS, { refuseFirst: REFUSED_SHARE });
  const failing = Math.ceil(count / REFUSED_SHARE);
  await runOpenLoop({ ratePerSecond, count: failing, signal }, publish);
  await waitForEnds(postgres, { timeoutMs: SETTLE_MS, signal });
  const failures = failuresOf(ledger);
  onProgress(
    `${failures.length} failed; told: ${told(desk).join(', ') || 'nothing'}; all succeeds from now on`,
  );

  receiver.behave(CUSTOMERS, 'answer');
  const giveUpAt = performance.now() + RECOVERY_PATIENCE_MS;
  const chunk = Math.ceil(ratePerSecond);
  for (let next = failing; !told(desk).includes(RECOVERED) && performance.now() < giveUpAt; next += chunk)
    await runOpenLoop({ ratePerSecond, count: chunk, signal }, async (index) => await publish(next + index));
  onProgress(`told: ${told(desk).join(', ') || 'nothing'}; waiting for whatever were told twice`);
  await sleep(QUIET_MS, undefined, { signal });
  return checksOf(desk, { count, failures });
}

/** When attempts were refused, in milliseconds since 1970. */
function failuresOf(ledger: Ledger): readonly number[] {
  return ledger.entries
    .flatMap(({ arrivals }) => arrivals.filter(({ accepted }) => !accepted))
    .map(({ at }) => performance.timeOrigin + at)
    .sort((one, other) => one - other);
}

function told({ requests }: Receiver): readonly string[] {
  return requests.map(({ body }) => (JSON.parse(body.toString()) as { readonly event: string }).event);
}

function checksOf(
  desk: Receiver,
  { count, failures }: { readonly count: number; readonly failures: readonly number[] },
): readonly Check[] {
  const events = told(desk);
  const first = failures[0] ?? Number.NaN;
  const last = failures.at(-1) ?? Number.NaN;
  const secondsTo = (event: string, since: number): number =>
    ((desk.requests[events.indexOf(event)]?.arrivedAt ?? Number.NaN) - since) / 1_000;
  const times = (event: string): number => events.filter((one) => one === event).length;
  const alertSeconds = secondsTo(FAILING, first);
  return [
    {
      promise: `${count} attempts fail`,
      measured: `${failures.length} in ${((last - first) / 1_000).toFixed(1)} s`,
      kept: failures.length >= count,
    },
    {
      promise: `operators are told within ${ALERT_WITHIN_SECONDS} s of the first`,
      measured: `after ${alertSeconds.toFixed(1)} s`,
      kept: alertSeconds <= ALERT_WITHIN_SECONDS,
    },
    {
      promise: 'and once',
      measured: `${times(FAILING)} alerts`,
      kept: times(FAILING) === 1,
    },
    {
      promise: 'once that it is well again',
      measured:
        `${times(RECOVERED)} recoveries, ${secondsTo(RECOVERED, first).toFixed(1)} s after the first failure, ` +
        `${secondsTo(RECOVERED, last).toFixed(1)} s after the last`,
      kept: times(RECOVERED) === 1 && secondsTo(RECOVERED, last) >= 0,
    },
  ];
}
