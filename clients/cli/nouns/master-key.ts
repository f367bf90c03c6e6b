import { PosthornProblem, PosthornUnreachable } from '../../typescript/problem.ts';
import type { components } from '../../typescript/schema.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printable } from '../output/text.ts';
import { present } from '../present.ts';
import type { Session } from '../session.ts';

type Step = components['schemas']['MasterKeyRotationStep'];

/** What all steps did together. */
type Tally = Pick<Step, 'endpoints' | 'count' | 'current' | 'unopened'>;

const NOTHING: Tally = { endpoints: 0, count: 0, current: 0, unopened: [] };
const SHOWN = 20;

/**
 * `posthorn keys rotate-master`: has everything secret re-encrypted with the first master key, step by step, and says
 * whether another key is still needed. Safe to repeat and to break off.
 */
export async function rotateMasterKey(session: Session): Promise<ExitCode> {
  const { output } = session;
  const before = await readState(session);
  output.note(`master key ${before.key_id}: ${before.endpoints} endpoints to look at`);
  const tally = await resealAll(session, (done) =>
    output.note(`${done.endpoints} of ${before.endpoints} endpoints: ${summaryOf(done)}`),
  );
  if (tally.unopened.length > 0) {
    output.note(describeUnopened(tally));
    return EXIT.partlyDone;
  }
  const left = (await readState(session)).sealed.filter((one) => one.key_id !== before.key_id);
  const count = left.reduce((sum, one) => sum + one.count, 0);
  if (count > 0) {
    output.note(
      `${summaryOf(tally)}, but ${count} were sealed with another master key meanwhile; run this again`,
    );
    return EXIT.partlyDone;
  }
  output.write(`${summaryOf(tally)}\n`);
  output.note('No other master key is needed any more: take the others out of POSTHORN_MASTER_KEY.');
  return EXIT.done;
}

async function readState({ posthorn }: Session): Promise<components['schemas']['MasterKey']> {
  return present(await posthorn.api.GET('/v1/master-key'));
}

async function resealAll(session: Session, onStep: (done: Tally) => void): Promise<Tally> {
  let done = NOTHING;
  for (let next: string | null = ''; next !== null; ) {
    const body: { after?: string } = next === '' ? {} : { after: next };
    const step: Step = await readStep(session, body, done);
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

async function readStep({ posthorn, output }: Session, body: { after?: string }, done: Tally): Promise<Step> {
  try {
    return present(await posthorn.api.POST('/v1/master-key/rotate', { body }));
  } catch (error) {
    const isOfApi = error instanceof PosthornProblem || error instanceof PosthornUnreachable;
    if (isOfApi && done.endpoints > 0)
      output.note(
        `Broken off: ${summaryOf(done)}. Nothing is lost; run this again, and keep the old master key until then.`,
      );
    throw error;
  }
}

function summaryOf({ count, current }: Pick<Tally, 'count' | 'current'>): string {
  return `${count} re-encrypted, ${current} were current already`;
}

function describeUnopened({ unopened, ...tally }: Tally): string {
  const lines = unopened
    .slice(0, SHOWN)
    .map(({ endpoint_id, what }) => `  ${endpoint_id} ${printable(what)}\n`);
  const more = unopened.length > SHOWN ? `  and ${unopened.length - SHOWN} more\n` : '';
  return (
    `${summaryOf(tally)}, but ${unopened.length} do not open with any master key of the ` +
    `API:\n${lines.join('')}${more}Add the key they were sealed with to POSTHORN_MASTER_KEY and ` +
    `run this again, or replace them`
  );
}
