import type { Payload } from '@temporalio/common';
import { z } from 'zod';

/** Temporal's tools ask for what one event of a history holds. */
const MAX_PAYLOADS = 1_000;
const bytes = z.base64().nullish();

/** A payload of Temporal's in the JSON form of its protobuf message; members it has beyond these are let through. */
const payload = z
  .looseObject({ metadata: z.record(z.string(), z.base64()).nullish(), data: bytes })
  .meta({ id: 'TemporalPayload', description: 'Metadata and data are base64.' });

/** Body and answer of the codec endpoint; Temporal's tools leave an empty list out. */
export const payloadsView = z
  .strictObject({ payloads: z.array(payload).max(MAX_PAYLOADS).default([]) })
  .meta({ id: 'TemporalPayloads' });
export type PayloadsView = z.output<typeof payloadsView>;

type PayloadView = PayloadsView['payloads'][number];

/** Reads a checked payload. */
export function toPayload({ metadata, data }: PayloadView): Payload {
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value, 'base64')]);
  return { metadata: Object.fromEntries(entries), data: Buffer.from(data ?? '', 'base64') };
}

/** Shapes a payload for an answer. */
export function showPayload({ metadata, data }: Payload): PayloadView {
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name, base64Of(value)]);
  return { metadata: Object.fromEntries(entries), data: base64Of(data) };
}

function base64Of(given: Uint8Array | null | undefined): string {
  return Buffer.from(given ?? []).toString('base64');
}
