import { z } from 'zod';
import {
  INFORMATION_HEADERS,
  isBelowPrefix,
  isHeaderName,
  isHeaderValue,
  isOwnedHeaderName,
} from '../../../domain/custom-header.ts';
import type { CustomHeader, Endpoint } from '../../../domain/endpoint.ts';
import type { InputProblem } from '../../../domain/errors.ts';
import {
  CUSTOM_SCHEMES,
  headersOfChoice,
  MAX_SIGNATURES,
  PAYLOADS,
  SECRET_ENCODINGS,
  SIGNATURE_PRESETS,
  type SignatureChoice,
  WEBHOOK_IDS,
  type WireChoices,
} from '../../../domain/wire-choices.ts';
import { refusal } from '../../platform/input/fields.ts';

const MAX_HEADER_NAME = 128;
const MAX_PREFIX = 64;

const customSignature = z.strictObject({
  header: z
    .string()
    .max(MAX_HEADER_NAME)
    .refine(isHeaderName, refusal('header_name_invalid', 'Must be an HTTP header name.'))
    .refine(
      (name) => !isOwnedHeaderName(name),
      refusal('header_reserved', 'Is sent by Posthorn or by HTTP itself.'),
    ),
  scheme: z.enum(CUSTOM_SCHEMES).meta({
    description:
      'HMAC-SHA256 of the body in hex or base64; "stripe" is t=<seconds>,v1=<hex> over <seconds>.<body>.',
  }),
  prefix: z
    .string()
    .max(MAX_PREFIX)
    .refine(isHeaderValue, refusal('header_value_invalid', 'Must be visible ASCII.'))
    .default('')
    .meta({ description: 'Stands before the digest.' }),
  secret_encoding: z.enum(SECRET_ENCODINGS).default('text').meta({
    description:
      'How the secret becomes the key: its text, or what its text stands for (behind whsec_, if any).',
  }),
});

const signature = z.union([z.enum(SIGNATURE_PRESETS), customSignature], {
  error: `Must be one of ${SIGNATURE_PRESETS.join(', ')}, or an object with "header" and "scheme".`,
});

const payload = z.enum(PAYLOADS).meta({
  description:
    'The body: "envelope" (Posthorn’s own), "data" (the event’s data alone), "standard" ({type, ' +
    'timestamp, data}) or "cloudevents" (structured CloudEvents 1.0). Challenges are always envelopes.',
});

const webhookId = z.enum(WEBHOOK_IDS).meta({
  description:
    'What stands in webhook-id: the delivery’s id, or the event’s, which is the same at all endpoints.',
});

const signatures = z
  .array(signature)
  .min(1)
  .max(MAX_SIGNATURES)
  .meta({
    description:
      'What signs each call: names of known ways, or headers of one’s own; several at once while a ' +
      'receiver moves. Other ways than posthorn and standard take secrets of any form.',
    examples: [['standard', 'svix'], [{ header: 'X-Acme-Signature', scheme: 'hex', prefix: 'sha256=' }]],
  });

/** The members that say what goes out; each is replaced as a whole, and null returns to the default. */
export const wireFields = {
  payload: payload.nullish(),
  webhook_id: webhookId.nullish(),
  signatures: signatures.nullish(),
};

/** The members of an answer that show it. */
export const wireAnswers = {
  payload,
  webhook_id: webhookId,
  signatures,
  public_keys: z.array(z.string()).meta({
    description:
      'What verifies v1a signatures (Ed25519, whpk_ and base64), where ' +
      '"standard_asymmetric" is among the signatures: one a live secret.',
  }),
};

type WireInput = { readonly [Name in keyof typeof wireFields]?: z.output<(typeof wireFields)[Name]> };
type WireAnswer = { [Name in keyof typeof wireAnswers]: z.output<(typeof wireAnswers)[Name]> };

/** What a body makes of the current choices. */
export function mergeWire(
  { payload, webhook_id, signatures }: WireInput,
  { current, defaults }: { readonly current: WireChoices; readonly defaults: WireChoices },
): WireChoices {
  return {
    payload: payload === undefined ? current.payload : (payload ?? defaults.payload),
    webhookId: webhook_id === undefined ? current.webhookId : (webhook_id ?? defaults.webhookId),
    signatures:
      signatures === undefined ? current.signatures : (signatures?.map(readSignature) ?? defaults.signatures),
  };
}

/** Headers that two signatures would fill, or a signature and a custom header. */
export function wireProblems(
  { signatures }: WireChoices,
  { headers, headerPrefix }: { readonly headers: readonly CustomHeader[]; readonly headerPrefix: string },
): readonly InputProblem[] {
  const informing = INFORMATION_HEADERS.map((name) => `${headerPrefix}${name}`);
  const custom = headers.map(({ name }) => name).filter((name) => !isBelowPrefix(name, headerPrefix));
  const taken = new Set([...custom, ...informing].map((name) => name.toLowerCase()));
  return signatures.flatMap((choice, index) => {
    const own = headersOfChoice(choice, headerPrefix);
    const clash = own.find((name) => taken.has(name));
    for (const name of own) taken.add(name);
    if (clash === undefined) return [];
    const message = `The header ${clash} is filled already: by Posthorn, another signature or a custom header.`;
    return [{ pointer: `/signatures/${index}`, code: 'signature_header_taken' as const, message }];
  });
}

/** Shapes the choices for an answer; accepted again in a body, but for the keys. */
export function showWire({ wire, publicKeys }: Pick<Endpoint, 'wire' | 'publicKeys'>): WireAnswer {
  return {
    payload: wire.payload,
    webhook_id: wire.webhookId,
    signatures: wire.signatures.map(showSignature),
    public_keys: wire.signatures.includes('standard_asymmetric') ? [...publicKeys] : [],
  };
}

function readSignature(signature: z.output<typeof signatures>[number]): SignatureChoice {
  if (typeof signature === 'string') return signature;
  const { header, scheme, prefix, secret_encoding: secretEncoding } = signature;
  return { header, scheme, prefix, secretEncoding };
}

function showSignature(choice: SignatureChoice): z.output<typeof signatures>[number] {
  if (typeof choice === 'string') return choice;
  const { header, scheme, prefix, secretEncoding } = choice;
  return { header, scheme, prefix, secret_encoding: secretEncoding };
}
