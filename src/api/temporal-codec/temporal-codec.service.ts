import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../../config.ts';
import type { InputProblem } from '../../domain/errors.ts';
import { type EncryptingCodec, PayloadCodecError } from '../../temporal/payload-codec.ts';
import { CONFIG, TEMPORAL_CODEC, type TemporalCodec } from '../dependencies.ts';
import { invalidInput, Problem } from '../platform/answers/problem.ts';
import { type PayloadsView, showPayload, toPayload } from './temporal-codec.dto.ts';

/** Decodes and encodes payloads for those who look at Temporal with other tools. */
@Injectable()
export class TemporalCodecService {
  readonly #codec: EncryptingCodec | null;
  readonly #namespace: string;

  constructor(@Inject(TEMPORAL_CODEC) { codec }: TemporalCodec, @Inject(CONFIG) config: Config) {
    this.#codec = codec;
    this.#namespace = config.temporal.namespace;
  }

  /**
   * @throws Problem 409 where nothing is encrypted, 422 for another namespace and for every payload that does not open
   */
  async decode({ payloads }: PayloadsView, namespace: string | undefined): Promise<PayloadsView> {
    const codec = this.#codecFor(namespace);
    const problems: InputProblem[] = [];
    const decoded: PayloadsView['payloads'] = [];
    for (const [index, payload] of payloads.entries()) {
      const result = await codec.decode([toPayload(payload)]).catch(asCodecError);
      if (!(result instanceof PayloadCodecError)) decoded.push(...result.map(showPayload));
      else problems.push({ pointer: `/payloads/${index}`, code: 'payload_sealed', message: result.message });
    }
    if (problems.length > 0) throw invalidInput(problems);
    return { payloads: decoded };
  }

  /** @throws Problem 409 where nothing is encrypted, 422 for another namespace */
  async encode({ payloads }: PayloadsView, namespace: string | undefined): Promise<PayloadsView> {
    const encoded = await this.#codecFor(namespace).encode(payloads.map(toPayload));
    return { payloads: encoded.map(showPayload) };
  }

  #codecFor(namespace: string | undefined): EncryptingCodec {
    if (this.#codec === null) {
      const detail = 'Payloads are not encrypted here: POSTHORN_TEMPORAL_CODEC_KEY is not set.';
      throw new Problem(409, 'codec_off', { detail });
    }
    if (namespace === undefined || namespace === this.#namespace) return this.#codec;
    const detail = `X-Namespace is ${JSON.stringify(namespace)}; payloads here are those of ${this.#namespace}.`;
    throw new Problem(422, 'namespace_mismatch', { detail });
  }
}

function asCodecError(error: unknown): PayloadCodecError {
  if (error instanceof PayloadCodecError) return error;
  throw error;
}
