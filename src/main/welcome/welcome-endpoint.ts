import { request } from 'undici';
import { z } from 'zod';
import { UNVERIFIED } from '../../domain/ownership.ts';

const endpointSchema = z.object({ id: z.string(), url: z.string(), disabled_reason: z.string().nullable() });
const listSchema = z.object({ items: z.array(endpointSchema) });

const problemSchema = z.object({ detail: z.string(), errors: z.array(z.object({ detail: z.string() })) });

/** The customer and the echo receiver that the printed first event is for. */
export const WELCOME_CUSTOMER = 'acme';
export const WELCOME_ECHO_PATH = '/v1/echo/hello';

/** The endpoint of the welcome customer, or why it was refused. */
export type WelcomeEndpoint = { readonly id: string } | { readonly refusal: string };

/** Makes sure, through the public API, that the welcome customer has an endpoint at the echo receiver. */
export async function ensureWelcomeEndpoint(apiUrl: string, adminKey: string): Promise<WelcomeEndpoint> {
  const authorization = `Bearer ${adminKey}`;
  const endpoint = await findOrMake(apiUrl, authorization);
  if ('refusal' in endpoint) return endpoint;
  // What is published next must not be skipped. The echo receiver answers the challenge, which takes a moment.
  if (endpoint.disabled_reason === UNVERIFIED) {
    const url = `${apiUrl}/v1/endpoints/${endpoint.id}/verify`;
    const { body } = await request(url, { method: 'POST', headers: { authorization } });
    await body.dump();
  }
  return { id: endpoint.id };
}

async function findOrMake(
  apiUrl: string,
  authorization: string,
): Promise<z.output<typeof endpointSchema> | { readonly refusal: string }> {
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
  const body = await answer.body.json();
  if (answer.statusCode < 400) return endpointSchema.parse(body);
  const { detail, errors } = problemSchema.parse(body);
  return { refusal: errors[0]?.detail ?? detail };
}
