import { request } from 'undici';
import { z } from 'zod';

const linkSchema = z.object({ url: z.string() });

/** A link that signs one browser in to the console as the operator, made through the public API. */
export async function makeSignInLink(apiUrl: string, adminKey: string): Promise<string> {
  const headers = { authorization: `Bearer ${adminKey}` };
  const { body } = await request(`${apiUrl}/v1/session/links`, { method: 'POST', headers });
  return linkSchema.parse(await body.json()).url;
}
