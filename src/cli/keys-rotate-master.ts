import { parseArgs } from 'node:util';
import { type ApiAccess, ApiRefusal, callApi } from './api-client.ts';

interface MasterKeyAnswer {
  readonly key_id: string;
  readonly endpoints: number;
  readonly sealed: readonly { readonly key_id: string | null; readonly count: number }[];
}

interface StepAnswer {
  readonly key_id: string;
  readonly endpoints: number;
  readonly count: number;
  readonly current: number;
  readonly unopened: readonly { readonly endpoint_id: string; readonly what: string }[];
  readonly next: string | null;
}

/** What all steps did together. */
interface Tally {
  readonly endpoints: number;
  readonly count: number;
  readonly current: number;
  readonly unopened: StepAnswer['unopened'];
}

const PATH = '/v1/master-key';
const NOTHING: Tally = { endpoints: 0, count: 0, current: 0, unopened: [] };
const SHOWN = 20;

/**
 * `posthorn keys rotate-master`: has everything secret re-encrypted with the first master key, step by step, and says whether
 * another key is still needed. Safe to repeat and to break off. @throws ApiRefusal where it is
 */
export async function rotateMasterKey(
  args: readonly string[],
  access: ApiAccess,
  onProgress: (line: string) => void,
): Promise<string> {
  parseArgs({ args: [...args], options: {} });
  const before = await readState(access);
  onProgress(`master key ${before.key_id}: ${before.endpoints} endpoints to look at\n`);
  const tally = await resealAll(access, (done) =>
    onProgress(`${done.endpoints} of ${before.endpoints} endpoints: ${summaryOf(done)}\n`),
  );
  if (tally.unopened.length > 0) throw new ApiRefusal(describeUnopened(tally));
  const left = (await readState(access)).sealed.filter((one) => one.key_id !== before.key_id);
  const count = left.reduce((sum, one) => sum + one.count, 0);
  if (count > 0)
    throw new ApiRefusal(
      `${summaryOf(tally)}, but ${count} were sealed with another master key meanwhile; run this again`,
    );
  return `${summaryOf(tally)}. No other master key is needed any more: take the others out of POSTHORN_MASTER_KEY.\n`;
}

async function readState(access: ApiAccess): Promise<MasterKeyAnswer> {
  return (await callApi(access, { method: 'GET', path: PATH })) as MasterKeyAnswer;
}

async function resealAll(access: ApiAccess, onStep: (done: Tally) => void): Promise<Tally> {
  let done = NOTHING;
  for (let next: string | null = ''; next !== null; ) {
    const body = next === '' ? {} : { after: next };
    const request = { method: 'POST', path: `${PATH}/rotate`, body } as const;
    const step = (await callApi(access, request).catch((error: unknown) => {
      throw brokenOff(error, done);
    })) as StepAnswer;
    done = {
      endpoints: done.endpoints + step.endpoints,
      count: done.count + step.count,
      current: done.current + step.current,
      unopened: [...done.unopened, ...step.unopened],
    };
    next = step.next;
    onStep(done);
  }
  return done;
}

function brokenOff(error: unknown, done: Tally): unknown {
  if (!(error instanceof ApiRefusal) || done.endpoints === 0) return error;
  const message = `${error.message}\nBroken off: ${summaryOf(done)}. Nothing is lost; run this again, and keep the old master key until then.`;
  return new ApiRefusal(message, { cause: error });
}

function summaryOf({ count, current }: Tally): string {
  return `${count} re-encrypted, ${current} were current already`;
}

function describeUnopened({ unopened, ...tally }: Tally): string {
  const lines = unopened
    .slice(0, SHOWN)
    .map(({ endpoint_id, what }) => `  ${endpoint_id} ${printable(what)}\n`);
  const more = unopened.length > SHOWN ? `  and ${unopened.length - SHOWN} more\n` : '';
  return `${summaryOf({ ...tally, unopened })}, but ${unopened.length} do not open with any master key of the API:\n${lines.join('')}${more}Add the key they were sealed with to POSTHORN_MASTER_KEY and run this again, or replace them`;
}

/** Names of headers are other people's texts. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\u{fffd}');
}
