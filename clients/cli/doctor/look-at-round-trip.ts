import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PosthornProblem } from '../../typescript/problem.ts';
import { reasonOf } from '../output/failure.ts';
import { present } from '../present.ts';
import type { Session } from '../session.ts';
import { type Check, type Finding, failed, ok, passedOver } from './finding.ts';

const CUSTOMER = 'posthorn-doctor';
const CHECK = 'round trip';
const LOOK_FOR_RECEIPT_EVERY_MS = 100;
const ROUND_TRIP_PATIENCE_MS = 15_000;

/**
 * Whether an event comes out signed: through an endpoint at the API's own echo receiver, which is removed again. Needs
 * a key that may manage endpoints of any customer, and the echo receivers.
 */
export const lookAtRoundTrip: Check = async (session) => {
  if (session.access.key === null) return [];
  const name = `doctor-${randomUUID()}`;
  const { api } = session.posthorn;
  try {
    const body = {
      url: `${session.access.url}/v1/echo/${name}`,
      customer_id: CUSTOMER,
      events: ['job.completed'],
    };
    const endpoint = present(await api.POST('/v1/endpoints', { body }));
    try {
      return [await sendAndVerify(session, { name, endpointId: endpoint.id, secret: secretOf(endpoint) })];
    } finally {
      await api.DELETE('/v1/endpoints/{id}', { params: { path: { id: endpoint.id } } });
    }
  } catch (error) {
    if (!(error instanceof PosthornProblem))
      return [failed(CHECK, reasonOf(error), 'Look at the checks above.')];
    if (error.status === 403 || error.status === 404 || error.code === 'url_invalid')
      return [passedOver(CHECK, `${error.message} (${error.code})`)];
    const refusal = error.errors[0]?.detail ?? error.message;
    return [passedOver(CHECK, `the echo receivers of this API cannot be delivered to: ${refusal}`)];
  }
};

async function sendAndVerify(
  session: Session,
  {
    name,
    endpointId,
    secret,
  }: { readonly name: string; readonly endpointId: string; readonly secret: string },
): Promise<Finding> {
  const { api } = session.posthorn;
  const started = performance.now();
  const test = present(
    await api.POST('/v1/endpoints/{id}/test', { params: { path: { id: endpointId } }, body: {} }),
  );
  const until = Date.now() + ROUND_TRIP_PATIENCE_MS;
  while (Date.now() < until) {
    const { items } = present(await api.GET('/v1/echo/{name}', { params: { path: { name } } }));
    const receipt = items.find(({ body }) => body.includes(test.delivery_id));
    if (receipt !== undefined) {
      const { verifyWebhook } = await import('../../../src/signature/receiver.ts');
      verifyWebhook({ rawBody: receipt.body, headers: receipt.headers, secret });
      return ok(
        CHECK,
        `a signed event came back in ${Math.round(performance.now() - started)} ms and verifies`,
      );
    }
    await sleep(LOOK_FOR_RECEIPT_EVERY_MS, undefined, { signal: session.io.signal });
  }
  const why = test.attempt?.advice ?? 'Look at the worker and at the delivery in the Temporal UI.';
  return failed(
    CHECK,
    `${test.delivery_id} did not come back within ${ROUND_TRIP_PATIENCE_MS / 1_000} s`,
    why,
  );
}

function secretOf(endpoint: object): string {
  return 'secret' in endpoint ? String(endpoint.secret) : '';
}
