import { Injectable } from '@nestjs/common';
import { hideMembers } from '../../domain/sensitive.ts';
import { EventTypeCatalogue } from './event-type-catalogue.ts';

/** Something that shows what an event carried; null where that is gone. */
interface WithData {
  readonly event: string;
  readonly dataText: string | null;
}

/** Keeps from answers what event types say is sensitive; receivers get it all the same. */
@Injectable()
export class SensitiveData {
  readonly #catalogue: EventTypeCatalogue;

  constructor(catalogue: EventTypeCatalogue) {
    this.#catalogue = catalogue;
  }

  /** The same with masks for what is sensitive. */
  async hide<T extends WithData>(one: T): Promise<T> {
    if (one.dataText === null) return one;
    const members = await this.membersOf(one);
    return members.length === 0 ? one : { ...one, dataText: hideMembers(one.dataText, members) };
  }

  /** Members whose values `hide` masks. */
  async membersOf({ event }: Pick<WithData, 'event'>): Promise<readonly string[]> {
    return await this.#catalogue.sensitiveOf(event);
  }

  async hideEach<T extends WithData>(all: readonly T[]): Promise<readonly T[]> {
    return await Promise.all(all.map(async (one) => await this.hide(one)));
  }
}
