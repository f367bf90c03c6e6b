import { PosthornProblem } from '../../typescript/problem.ts';
import { reasonOf } from '../output/failure.ts';
import type { Session } from '../session.ts';
import { type Check, type Finding, failed, ok, passedOver } from './check.ts';

/** Whether the API takes the key, and what it may do. */
export const lookAtKey: Check = async (session) => {
  const { key, url } = session.access;
  if (key === null)
    return [failed('key', `there is none for ${url}`, 'Set POSTHORN_API_KEY, or run posthorn login.')];
  const view = await mayDo(session, 'view', async ({ posthorn }) => {
    await posthorn.api.GET('/v1/event-types', { params: { query: { limit: 1 } } });
  });
  if (view.outcome === 'failed') return [view];
  const operate = await mayDo(session, 'operate', async ({ posthorn }) => {
    await posthorn.api.GET('/v1/api-keys', { params: { query: { limit: 1 } } });
  });
  const scope =
    operate.outcome === 'ok' ? 'an operator’s: it sees every customer' : 'it may view, and not operate';
  return [ok('key', `${key.slice(0, 8)}… is ${scope}`)];
};

async function mayDo(
  session: Session,
  scope: string,
  attempt: (session: Session) => Promise<void>,
): Promise<Finding> {
  try {
    await attempt(session);
    return ok('key', scope);
  } catch (error) {
    if (!(error instanceof PosthornProblem)) return passedOver('key', reasonOf(error));
    const { code, message } = error;
    return failed(
      'key',
      `${message} (${code})`,
      'Use another key: POSTHORN_API_KEY, --key-file, or posthorn login.',
    );
  }
}
