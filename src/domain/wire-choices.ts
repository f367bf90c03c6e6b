/**
 * What the body of a call may be: Posthorn's envelope, the data alone, what Standard Webhooks recommends, or
 * CloudEvents.
 */
export const PAYLOADS = ['envelope', 'data', 'standard', 'cloudevents'] as const;
export type Payload = (typeof PAYLOADS)[number];

/** What a call may be known by in `webhook-id`: its delivery, or its event, which is the same at all endpoints. */
export const WEBHOOK_IDS = ['delivery', 'event'] as const;
export type WebhookId = (typeof WEBHOOK_IDS)[number];

/** Ways of signing that have a name: those of Posthorn and of Standard Webhooks, and those of other senders. */
export const SIGNATURE_PRESETS = [
  'posthorn',
  'standard',
  'standard_asymmetric',
  'svix',
  'convoy_simple',
  'convoy_advanced',
  'outpost',
  'github',
] as const;
export type SignaturePreset = (typeof SIGNATURE_PRESETS)[number];

const OWN_PRESETS: readonly SignaturePreset[] = ['posthorn', 'standard', 'standard_asymmetric'];

/** How the digest stands in a header of one's own; `stripe` is `t=<seconds>,v1=<hex>` over `<seconds>.<body>`. */
export const CUSTOM_SCHEMES = ['hex', 'base64', 'stripe'] as const;

/** How the text of a secret becomes the key of a signature of one's own. */
export const SECRET_ENCODINGS = ['text', 'base64', 'hex'] as const;

/** A signature in a header of one's own. */
export interface CustomSignature {
  readonly header: string;
  readonly scheme: (typeof CUSTOM_SCHEMES)[number];
  /** Stands before the digest, as in `sha256=`. */
  readonly prefix: string;
  readonly secretEncoding: (typeof SECRET_ENCODINGS)[number];
}

export type SignatureChoice = SignaturePreset | CustomSignature;

/** What goes out to an endpoint, for receivers that know another sender. */
export interface WireChoices {
  readonly payload: Payload;
  readonly webhookId: WebhookId;
  /** What signs each call; several at once while a receiver moves. */
  readonly signatures: readonly SignatureChoice[];
}

/** What holds for endpoints that were given nothing else. */
export const DEFAULT_WIRE_CHOICES: WireChoices = {
  payload: 'envelope',
  webhookId: 'delivery',
  signatures: ['posthorn', 'standard'],
};

/** The most signatures that one call may have. */
export const MAX_SIGNATURES = 8;

/**
 * The headers that a signature fills, in lower case; no two may fill the same one. `v1` and `v1a` of Standard Webhooks
 * share theirs, which are told apart here.
 */
export function headersOfChoice(choice: SignatureChoice, headerPrefix: string): readonly string[] {
  if (typeof choice !== 'string') return [choice.header.toLowerCase()];
  switch (choice) {
    case 'posthorn':
      return [`${headerPrefix}signature`.toLowerCase()];
    case 'standard':
      return ['webhook-signature v1'];
    case 'standard_asymmetric':
      return ['webhook-signature v1a'];
    case 'svix':
      return ['svix-id', 'svix-timestamp', 'svix-signature'];
    case 'convoy_simple':
    case 'convoy_advanced':
      return ['x-convoy-signature'];
    case 'outpost':
      return ['x-outpost-signature'];
    case 'github':
      return ['x-hub-signature-256'];
  }
}

/** How a signature reads secrets. */
export function encodingOfChoice(choice: SignatureChoice): CustomSignature['secretEncoding'] {
  if (typeof choice !== 'string') return choice.secretEncoding;
  return choice === 'standard' || choice === 'svix' ? 'base64' : 'text';
}

/** Whether all signatures are Posthorn's own and those of Standard Webhooks, which want secrets of their own form. */
export function wantsOwnSecrets({ signatures }: Pick<WireChoices, 'signatures'>): boolean {
  return signatures.every((choice) => typeof choice === 'string' && OWN_PRESETS.includes(choice));
}
