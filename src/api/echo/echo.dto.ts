import { z } from 'zod';
import { VERIFICATION_EVENT } from '../../domain/ownership.ts';
import { pageQuery } from '../platform/answers/paging.ts';
import { MAX_DATA_DEPTH } from '../platform/http/json-body.ts';
import { refusal, wholeNumberText } from '../platform/input/fields.ts';
import { findTooDeep } from '../platform/input/json-depth.ts';
import { clip } from '../platform/input/quote.ts';
import type { EchoedRequest } from './echo-memory.ts';

const MAX_DELAY_MS = 300_000;
const MAX_LISTED = 200;
/** What is shown of a body, and of what it says as JSON, each as it is answered: together less than a page. */
const MAX_SHOWN_BYTES = 393_216;
/** As many characters as fit into that however they are escaped. */
const SURE_CHARACTERS = 65_536;
/** The bodies of challenges are short; a stranger's long ones are not read to look for one. */
const MAX_CHALLENGE_BODY_BYTES = 8_192;

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
  cursor: pageQuery.cursor,
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
        truncated: z
          .literal(true)
          .optional()
          .meta({ description: 'Where only the beginning of the body is shown.' }),
        json: z
          .unknown()
          .optional()
          .meta({
            description: `The body parsed; absent where it is no JSON, deeper than ${MAX_DATA_DEPTH} levels, or large.`,
          }),
      }),
    ),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'EchoList' });

/** Shapes a kept request for an answer. */
export function showEchoed(request: EchoedRequest): z.output<typeof echoList>['items'][number] {
  const { receivedAt, headers, body } = request;
  const isLong = isLongShown(body);
  const json = isLong ? undefined : parsed(Buffer.from(body));
  return {
    received_at: receivedAt.toISOString(),
    headers: { ...headers },
    body: isLong ? clip(body, SURE_CHARACTERS) : body,
    ...(isLong && { truncated: true }),
    json: isLongShown(json) ? undefined : json,
  };
}

/** The challenge that an `endpoint.verification` asks for; null in any other body. */
export function challengeFor(body: Buffer): string | null {
  const read = body.length > MAX_CHALLENGE_BODY_BYTES ? null : verification.safeParse(parsed(body));
  return read?.success === true ? read.data.data.challenge : null;
}

const verification = z.object({
  event: z.literal(VERIFICATION_EVENT),
  data: z.object({ challenge: z.string() }),
});

function isLongShown(value: unknown): boolean {
  return value !== undefined && Buffer.byteLength(JSON.stringify(value)) > MAX_SHOWN_BYTES;
}

/** What a stranger's body says as JSON; undefined where it is none, or nested deeper than anything of ours. */
function parsed(body: Buffer): unknown {
  if (findTooDeep(body, MAX_DATA_DEPTH) !== null) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
