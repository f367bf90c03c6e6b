import { Injectable } from '@nestjs/common';
import { SearchKeys } from '../../storage/history/search-keys.ts';
import { EventTypeCatalogue } from '../event-types/event-type-catalogue.ts';
import { invalidMember, invalidParameter } from '../platform/answers/problem.ts';

/** Turns what is looked for in events' data into the keys that they are found by. */
@Injectable()
export class EventFinder {
  readonly #catalogue: EventTypeCatalogue;
  readonly #keys: SearchKeys;

  constructor(catalogue: EventTypeCatalogue, keys: SearchKeys) {
    this.#catalogue = catalogue;
    this.#keys = keys;
  }

  /** Undefined where nothing is looked for. @throws Problem 422 for a member that no type names as searchable */
  async keysOf(
    data: Readonly<Record<string, string>> | undefined,
    askedIn: 'query' | 'filter' = 'query',
  ): Promise<{ readonly searchKeys?: readonly Buffer[] }> {
    if (data === undefined) return {};
    const searchable = await this.#catalogue.searchable();
    const unknown = Object.keys(data).find((member) => !searchable.has(member));
    if (unknown !== undefined) {
      const message = `No event type names this member as searchable; those are ${[...searchable].join(', ')}.`;
      throw askedIn === 'query'
        ? invalidParameter(`data[${unknown}]`, 'not_searchable', message)
        : invalidMember('/filter/data', 'not_searchable', message);
    }
    const tokens = Object.entries(data).map(([member, token]) => ({ member, token }));
    return { searchKeys: await this.#keys.keysOf(tokens) };
  }
}
