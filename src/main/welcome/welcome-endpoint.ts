import { request } from 'undici';
import { z } from 'zod';
import { UNVERIFIED } from '../../domain/ownership.ts';

const endpointSchema = z.object({ id: z.string(), url: z.string(), disabled_reason: z.string().nullable() });
const listSchema = z.object({ items: z.array(endpointSchema) });

/** The customer and the echo receiver that the printed first event is for. */
export const WELCOME_CUSTOMER = 'acme';
export const WELCOME_ECHO_PATH = '/v1/echo/hello';

/** Makes sure, through the public API, that the welcome customer has an endpoint at the echo receiver. @returns its id */
export async function ensureWelcomeEndpoint(apiUrl: string, adminKey: string): Promise<string> {
  const authorization = `Bearer ${adminKey}`;
  const endpoint = await findOrMake(apiUrl, authorization);
  // What is published next must not be skipped. The echo receiver answers the challenge, which takes a moment.
  if (endpoint.disabled_reason === UNVERIFIED) {
    const url = `${apiUrl}/v1/endpoints/${endpoint.id}/verify`;
    const { body } = await request(url, { method: 'POST', headers: { authorization } });
    await body.dump();
  }
  return endpoint.id;
}

async function findOrMake(apiUrl: string, authorization: string): Promise<z.output<typeof endpointSchema>> {
  const headers = { authorization, 'content-type': 'application/json' };
  const list = await request(`${apiUrl}/v1/endpoints?customer_id=${WELCOME_CUSTOMER}&limit=100`, { headers });
  const { items } = listSchema.parse(await list.body.json());
  const wanted = `${apiUrl}${WELCOME_ECHO_PATH}`;
  const existing = items.find((endpoint) => new URL(endpoint.url).pathname === WELCOME_ECHO_PATH);
  if (existing?.url === wanted) return existing;
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
  return endpointSchema.parse(await answer.body.json());
}
