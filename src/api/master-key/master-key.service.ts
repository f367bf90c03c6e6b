import { Injectable } from '@nestjs/common';
import { DomainError } from '../../domain/errors.ts';
import { type MasterKeyHolder, MasterKeyHolders } from '../../storage/sealed/master-key-holders.ts';
import {
  MasterKeyRotation,
  type ResealedSlice,
  type SealedSurvey,
} from '../../storage/sealed/master-key-rotation.ts';

/** Tells how the master key stands, and re-encrypts with it. */
@Injectable()
export class MasterKeyService {
  readonly #rotation: MasterKeyRotation;
  readonly #holders: MasterKeyHolders;

  constructor(rotation: MasterKeyRotation, holders: MasterKeyHolders) {
    this.#rotation = rotation;
    this.#holders = holders;
  }

  /** The key that this API seals with. */
  get keyId(): string {
    return this.#rotation.keyIds[0];
  }

  /** What is sealed with which key, and which processes have which. */
  async read(): Promise<{ readonly survey: SealedSurvey; readonly holders: readonly MasterKeyHolder[] }> {
    const [survey, holders] = await Promise.all([this.#rotation.survey(), this.#holders.list()]);
    return { survey, holders };
  }

  /**
   * One step, through the endpoints after this id. @throws DomainError `conflict` while a process lives that does not
   * seal with the same key: it could not open what is re-encrypted, or would seal with the old key on
   */
  async reseal(afterId: string): Promise<ResealedSlice> {
    const others = (await this.#holders.list()).filter(({ keyIds }) => keyIds[0] !== this.keyId);
    if (others.length > 0) throw notEverywhere(this.keyId, others);
    return await this.#rotation.resealNext(afterId);
  }
}

function notEverywhere(keyId: string, others: readonly MasterKeyHolder[]): DomainError {
  const names = others.map(({ name }) => name).join(', ');
  const message =
    `Not every process has the master key ${keyId} first in POSTHORN_MASTER_KEY, as this API has it: ` +
    `${names}. Restart them with it; one that was killed counts for 30 s.`;
  return new DomainError('conflict', 'master_key_not_everywhere', { message });
}
