import { request } from 'undici';
import { z } from 'zod';
import { UNVERIFIED } from '../domain/ownership.ts';

const listSchema = z.object({ items: z.array(z.object({ id: z.string(), url: z.string() })) });
const createdSchema = z.object({ id: z.string(), disabled_reason: z.string().nullable() });

/** The customer and the echo receiver that the printed first event is for. */
export const WELCOME_CUSTOMER = 'acme';
export const WELCOME_ECHO_PATH = '/v1/echo/hello';

/** Makes sure, through the public API, that the welcome customer has an endpoint at the echo receiver. @returns its id */
export async function ensureWelcomeEndpoint(apiUrl: string, adminKey: string): Promise<string> {
  const headers = { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' };
  const list = await request(`${apiUrl}/v1/endpoints?customer_id=${WELCOME_CUSTOMER}&limit=100`, { headers });
  const { items } = listSchema.parse(await list.body.json());
  const wanted = `${apiUrl}${WELCOME_ECHO_PATH}`;
  const existing = items.find((endpoint) => new URL(endpoint.url).pathname === WELCOME_ECHO_PATH);
  if (existing?.url === wanted) return existing.id;
  const settings = {
    url: wanted,
    customer_id: WELCOME_CUSTOMER,
    description: 'The echo receiver of this machine',
  };
  const answer =
    existing === undefined
      ? await request(`${apiUrl}/v1/endpoints`, { method: 'POST', headers, body: JSON.stringify(settings) })
      : await request(`${apiUrl}/v1/endpoints/${existing.id}`, {
          method: 'PATCH',
          headers,
          body: JSON.stringify({ url: wanted }),
        });
  const { id, disabled_reason: disabledReason } = createdSchema.parse(await answer.body.json());
  // What is published next must not be skipped: answered by the echo receiver, this takes a moment.
  if (disabledReason === UNVERIFIED) await waitUntilVerified(`${apiUrl}/v1/endpoints/${id}/verify`, headers);
  return id;
}

async function waitUntilVerified(url: string, headers: Record<string, string>): Promise<void> {
  const { body } = await request(url, {
    method: 'POST',
    headers: { authorization: headers.authorization ?? '' },
  });
  await body.dump();
}
