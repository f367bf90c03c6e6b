import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import fc from 'fast-check';
import { EncryptingCodec, PayloadCodecError } from '../../src/temporal/payload-codec.ts';

const key = randomBytes(32);
const otherKey = randomBytes(32);
const codec = codecWith(key);

const payloads = fc.array(
  fc.record({
    metadata: fc.dictionary(
      fc.string({ minLength: 1, maxLength: 20 }).filter((name) => name !== '__proto__'),
      fc.uint8Array({ maxLength: 40 }),
    ),
    data: fc.uint8Array({ maxLength: 500 }),
  }),
  { maxLength: 4 },
);

describe('EncryptingCodec', () => {
  it('decodes what it encoded, whatever that is', async () => {
    await fc.assert(
      fc.asyncProperty(payloads, async (given) => {
        const encoded = await codec.encode(given);
        expect(encoded.map(encodingOf)).toEqual(given.map(() => 'binary/encrypted'));
        expect((await codec.decode(encoded)).map(comparable)).toEqual(given.map(comparable));
      }),
    );
  });

  it('hands values through as the converter of the SDK reads them', async () => {
    for (const value of ['text', 7, null, { deep: [true] }, new Uint8Array([1, 2])]) {
      const [decoded] = await codec.decode(await codec.encode([payloadOf(value)]));
      expect(defaultPayloadConverter.fromPayload(decoded ?? {})).toEqual(value);
    }
  });

  it('leaves payloads that are not encrypted as they are', async () => {
    const plain = payloadOf({ deliveryId: 'del_1' });
    expect(await codec.decode([plain, {}])).toEqual([plain, {}]);
  });

  it('shows nothing of the payload, and the id of the key', async () => {
    const [encoded] = await codec.encode([payloadOf('a plain secret')]);
    expect(Buffer.from(encoded?.data ?? []).toString('latin1')).not.toContain('plain');
    expect(Object.keys(encoded?.metadata ?? {})).toEqual([
      'encoding',
      'encryption-cipher',
      'encryption-key-id',
    ]);
  });

  it('never encodes alike twice', async () => {
    const [first, second] = await codec.encode([payloadOf('same'), payloadOf('same')]);
    expect(first?.data).not.toEqual(second?.data);
  });

  it('decodes under every key of its list, and encodes under the first', async () => {
    const rotated = codecWith(otherKey, key);
    const [old] = await codec.encode([payloadOf('old')]);
    const [fresh] = await rotated.encode([payloadOf('new')]);
    expect((await rotated.decode([old ?? {}, fresh ?? {}])).map(valueIn)).toEqual(['old', 'new']);
    await expect(codec.decode([fresh ?? {}])).rejects.toThrow(
      /^cannot decrypt a payload of the key "[0-9a-f]{16}": POSTHORN_TEMPORAL_CODEC_KEY has [0-9a-f]{16}$/,
    );
  });

  it('opens nothing that was changed in any bit or cut short', async () => {
    const [encoded] = await codec.encode([payloadOf('secret')]);
    const data = Buffer.from(encoded?.data ?? []);
    await fc.assert(
      fc.asyncProperty(fc.nat(data.length - 1), fc.nat(7), async (index, bit) => {
        const changed = Buffer.from(data);
        changed.writeUInt8(data.readUInt8(index) ^ (1 << bit), index);
        await expect(codec.decode([{ ...encoded, data: changed }])).rejects.toThrow(PayloadCodecError);
      }),
    );
    for (const length of [0, 11, 12, 27, 28, data.length - 1])
      await expect(codec.decode([{ ...encoded, data: data.subarray(0, length) }])).rejects.toThrow(
        PayloadCodecError,
      );
  });

  it('only decodes where it is not to encrypt', async () => {
    const off = new EncryptingCodec({ keys: [key], namespace: 'default', encrypts: false });
    const plain = payloadOf('plain');
    expect(await off.encode([plain])).toEqual([plain]);
    expect((await off.decode(await codec.encode([plain]))).map(valueIn)).toEqual(['plain']);
  });

  it('opens nothing that names another key or belongs to another namespace', async () => {
    const both = codecWith(key, otherKey);
    const [encoded] = await codec.encode([payloadOf('secret')]);
    const [other] = await codecWith(otherKey).encode([payloadOf('secret')]);
    const renamed = { metadata: { ...other?.metadata }, data: encoded?.data ?? null };
    await expect(both.decode([renamed])).rejects.toThrow('it was changed, or belongs to another namespace');
    const elsewhere = new EncryptingCodec({ keys: [key], namespace: 'elsewhere' });
    await expect(elsewhere.decode([encoded ?? {}])).rejects.toThrow(PayloadCodecError);
    await expect(codec.decode([{ metadata: { encoding: Buffer.from('binary/encrypted') } }])).rejects.toThrow(
      'cannot decrypt a payload of the key ""',
    );
  });
});

function codecWith(...keys: readonly Buffer[]): EncryptingCodec {
  return new EncryptingCodec({ keys, namespace: 'default' });
}

function payloadOf(value: unknown): Payload {
  return defaultPayloadConverter.toPayload(value);
}

function valueIn(payload: Payload): unknown {
  return defaultPayloadConverter.fromPayload(payload);
}

function encodingOf({ metadata }: Payload): string {
  return Buffer.from(metadata?.encoding ?? []).toString();
}

function comparable({ metadata, data }: Payload): unknown {
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name, hexOf(value)]);
  return { metadata: Object.fromEntries(entries), data: hexOf(data) };
}

function hexOf(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString('hex');
}
