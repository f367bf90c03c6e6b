import { readFileSync } from 'node:fs';
import type { BodyParts } from '../../../src/signature/body-text.ts';

const body = readFileSync(new URL('../../signature/golden/job-completed.body.txt', import.meta.url));
const text = body.toString();

/**
 * The golden vector of the wire format: what was signed, with which secret, and every byte and header that must come
 * out.
 */
export const golden = {
  secret: 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
  body,
  text,
  parts: {
    event: 'job.completed',
    deliveryId: 'del_01J8Q2M4T6V8X0Z2B4D6F8H0K2',
    attempt: 1,
    dataText: text.slice(text.indexOf('"data":') + '"data":'.length, -1),
    timestamp: new Date('2024-09-26T10:02:15Z'),
  } satisfies BodyParts,
  bodySignature: 'sha256=b79dc07cec171a21fd3e304db83b84461ac0c16144e27fc6faf4ae84e412c1e5',
  headers: {
    'X-Webhook-Signature': 'sha256=0bb4e94dfe08d8aa2d2a3d6f0efc2ddbae18bf7a03ae7c9b851d4bbc9a490100',
    'webhook-id': 'del_01J8Q2M4T6V8X0Z2B4D6F8H0K2',
    'webhook-timestamp': '1727344935',
    'webhook-signature': 'v1,xNm4la8WGwbfoiZ6qNk9a0InHldvE3ErYNVk467Skxo=',
  },
} as const;
