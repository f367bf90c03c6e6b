import { z } from 'zod';

/** A request that is signed and not sent. */
export interface ReadyRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A delivery's request, signed at this moment: as parts, and as a line for a shell. */
export const signedRequestAnswer = z
  .object({
    method: z.literal('POST'),
    url: z.string(),
    headers: z
      .record(z.string(), z.string())
      .meta({ description: 'All of them, sensitive values in clear.' }),
    body: z.string().meta({ description: 'Byte for byte what the signatures are of.' }),
    signed_at: z.iso
      .datetime()
      .meta({ description: 'Receivers take it for about five minutes from then on.' }),
    curl: z.string().meta({ description: 'The same for a POSIX shell.' }),
  })
  .meta({ id: 'SignedDelivery' });

/** Shapes a request that was signed now. */
export function showSignedRequest(
  { url, headers, body }: ReadyRequest,
  now: Date,
): z.output<typeof signedRequestAnswer> {
  const text = body.toString();
  return {
    method: 'POST',
    url,
    headers: { ...headers },
    body: text,
    signed_at: now.toISOString(),
    curl: curlOf({ url, headers, text }),
  };
}

function curlOf({
  url,
  headers,
  text,
}: {
  readonly url: string;
  readonly headers: ReadyRequest['headers'];
  readonly text: string;
}): string {
  const given = Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  return ['curl', '-sS', '-i', '-X POST', quoted(url), ...given, `--data-binary ${quoted(text)}`].join(' ');
}

/** As one word of a POSIX shell; curl reads a file where a body begins with `@`, and none of ours does. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
