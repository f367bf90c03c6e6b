import { z } from 'zod';
import { VERIFICATION_EVENT } from '../../domain/ownership.ts';
import { refusal, wholeNumberText } from '../platform/input/fields.ts';
import type { EchoedRequest } from './echo-memory.ts';

const MAX_DELAY_MS = 300_000;
const MAX_LISTED = 200;

const ratio = z
  .string()
  .refine(
    (text) => /^(0(\.\d{1,9})?|1(\.0{1,9})?)$/.test(text),
    refusal('invalid_ratio', 'Must be a number from 0 to 1.'),
  )
  .transform(Number);

/** How an echo receiver is to answer; written into the URL of the endpoint. */
export const echoAnswerQuery = z.strictObject({
  status: wholeNumberText(200, 599)
    .optional()
    .meta({ description: 'The status to answer with: 200 where absent, 503 with `fail_ratio`.' }),
  delay_ms: wholeNumberText(0, MAX_DELAY_MS)
    .default(0)
    .meta({ description: 'How long to wait before answering.' }),
  fail_ratio: ratio
    .optional()
    .meta({ description: 'Which share of requests gets `status`; the others get 200. All where absent.' }),
  retry_after: z
    .string()
    .refine((text) => /^[\x20-\x7e]{1,64}$/.test(text), refusal('invalid_value', 'Must be visible ASCII.'))
    .optional()
    .meta({ description: 'A `Retry-After` header for answers that are no 2xx, as it is.' }),
});
export type EchoAnswerQuery = z.output<typeof echoAnswerQuery>;

export const echoListQuery = z.strictObject({
  limit: wholeNumberText(1, MAX_LISTED)
    .default(MAX_LISTED)
    .meta({ description: `Items to show, 1 to ${MAX_LISTED}.` }),
});
export type EchoListQuery = z.output<typeof echoListQuery>;

export const echoReceiptView = z
  .object({
    received: z.boolean(),
    name: z.string(),
    challenge: z.string().optional().meta({ description: 'That of an `endpoint.verification`.' }),
  })
  .meta({ id: 'EchoReceipt' });
export const echoList = z
  .object({
    items: z.array(
      z.object({
        received_at: z.string().meta({ format: 'date-time' }),
        headers: z.record(z.string(), z.string()),
        body: z.string().meta({ description: 'The body as it came.' }),
        json: z.unknown().optional().meta({ description: 'The body parsed; absent where it is no JSON.' }),
      }),
    ),
    next_cursor: z.null(),
  })
  .meta({ id: 'EchoList' });

/** Shapes a kept request for an answer. */
export function showEchoed(request: EchoedRequest): z.output<typeof echoList>['items'][number] {
  const { receivedAt, headers, body } = request;
  return { received_at: receivedAt.toISOString(), headers: { ...headers }, body, json: parsed(body) };
}

/** The challenge that an `endpoint.verification` asks for; null in any other body. */
export function challengeFor(body: Buffer): string | null {
  const read = verification.safeParse(parsed(body.toString()));
  return read.success ? read.data.data.challenge : null;
}

const verification = z.object({
  event: z.literal(VERIFICATION_EVENT),
  data: z.object({ challenge: z.string() }),
});

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
