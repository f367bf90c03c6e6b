import { createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Config } from '../../../config.ts';
import { CONFIG } from '../../dependencies.ts';
import type { Caller } from '../access/caller.ts';
import { wholeNumberText } from '../input/fields.ts';
import { invalidParameter } from './problem.ts';

const MAX_LIMIT = 100;
const DEFAULT_LIMIT = 25;
const MAX_CURSOR_LENGTH = 512;
/** A page ends before the item that would make it longer, however many were asked for. */
const MAX_PAGE_BYTES = 917_504;
/** 128 bits: nobody guesses one, and cursors stay short. */
const MAC_BYTES = 16;

/** The query members every list takes; spread into its `z.strictObject`. */
export const pageQuery = {
  limit: wholeNumberText(1, MAX_LIMIT)
    .default(DEFAULT_LIMIT)
    .meta({ description: 'Items a page.', default: DEFAULT_LIMIT }),
  cursor: z.string().max(MAX_CURSOR_LENGTH).optional().meta({
    description: '`next_cursor` of the page before; valid for the same list, key and filters only.',
  }),
};

/** What a cursor is good for: one list, one caller, one set of filters (in a fixed order). */
export interface PageBinding {
  readonly list: string;
  readonly caller: Caller;
  readonly filters: object;
}

/** One page to fetch, newest first: `fetchLimit` rows (one more than asked for) whose id is below `beforeId`. */
export interface Page {
  readonly fetchLimit: number;
  readonly beforeId: string | null;
  /**
   * Shapes the fetched rows into an answer: as many as were asked for, fewer where they are large.
   * @param lookedTo where a look ended before the page was full: there the next one goes on
   */
  answer<T extends { readonly id: string }, R>(
    rows: readonly T[],
    shape: (row: T) => R,
    lookedTo?: string | null,
  ): { items: R[]; next_cursor: string | null };
}

/** Opens pages by signed cursors, which every replica with the master key that signed understands. */
@Injectable()
export class Pager {
  /** The first signs. */
  readonly #keys: readonly Buffer[];

  constructor(@Inject(CONFIG) config: Config) {
    this.#keys = config.masterKeys.map((key) =>
      createHmac('sha256', key).update('posthorn cursor 1').digest(),
    );
  }

  /** @throws Problem 422 `cursor_invalid` for a forged cursor or one of another list, caller or filter */
  open(binding: PageBinding, query: { readonly limit: number; readonly cursor?: string | undefined }): Page {
    const { limit, cursor } = query;
    const bound = JSON.stringify([binding.list, ownerOf(binding.caller), binding.filters]);
    return {
      fetchLimit: limit + 1,
      beforeId: cursor === undefined ? null : this.#read(cursor, bound),
      answer: (rows, shape, lookedTo = null) => {
        const items = takeWhatFits(rows.slice(0, limit).map((row) => () => shape(row)));
        const last = rows.length > items.length ? rows[items.length - 1] : undefined;
        const next = last?.id ?? lookedTo;
        return { items, next_cursor: next === null ? null : this.#write(next, bound) };
      },
    };
  }

  #write(id: string, bound: string): string {
    const [key] = this.#keys;
    if (key === undefined) throw new Error('there is no master key to sign a cursor with');
    return `${Buffer.from(id).toString('base64url')}.${macOf(`${id}\n${bound}`, key).toString('base64url')}`;
  }

  #read(cursor: string, bound: string): string {
    const [idText = '', macText = ''] = cursor.split('.');
    const id = Buffer.from(idText, 'base64url').toString();
    const mac = Buffer.from(macText, 'base64url');
    const isOurs = this.#keys.some((key) => {
      const expected = macOf(`${id}\n${bound}`, key);
      return mac.length === expected.length && timingSafeEqual(mac, expected);
    });
    if (isOurs) return id;
    throw invalidParameter(
      'cursor',
      'cursor_invalid',
      'The cursor is not one this list gave to this key for these filters; start again without it.',
    );
  }
}

/** The first items that fit into one answer together, one at least. */
export function takeWhatFits<T>(makers: readonly (() => T)[]): T[] {
  const items: T[] = [];
  let bytes = 0;
  for (const make of makers) {
    const item = make();
    bytes += Buffer.byteLength(JSON.stringify(item));
    if (bytes > MAX_PAGE_BYTES && items.length > 0) break;
    items.push(item);
  }
  return items;
}

function macOf(text: string, key: Buffer): Buffer {
  return createHmac('sha256', key).update(text).digest().subarray(0, MAC_BYTES);
}

function ownerOf(caller: Caller): string {
  return caller.kind === 'operator' ? 'operator' : caller.keyId;
}
