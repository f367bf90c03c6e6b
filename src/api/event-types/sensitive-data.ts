import { Injectable } from '@nestjs/common';
import { hideMembers } from '../../domain/sensitive.ts';
import { EventTypeCatalogue } from './event-type-catalogue.ts';

/** Something that shows what an event carried; null where that is gone. */
interface WithData {
  readonly event: string;
  readonly dataText: string | null;
}

interface Hidden<T> {
  readonly hidden: T;
  readonly sensitive: readonly string[];
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
    return one.dataText === null ? one : (await this.hideAndTell(one)).hidden;
  }

  /** The same, and the members that are sensitive. */
  async hideAndTell<T extends WithData>(one: T): Promise<Hidden<T>> {
    const sensitive = await this.#catalogue.sensitiveOf(one.event);
    if (one.dataText === null || sensitive.length === 0) return { hidden: one, sensitive };
    return { hidden: { ...one, dataText: hideMembers(one.dataText, sensitive) }, sensitive };
  }

  async hideEach<T extends WithData>(all: readonly T[]): Promise<readonly T[]> {
    return await Promise.all(all.map(async (one) => await this.hide(one)));
  }
}
