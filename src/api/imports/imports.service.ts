import { Injectable } from '@nestjs/common';
import type { MovedEndpoint } from '../../domain/moving-in/moved-endpoint.ts';
import { READ_ENDPOINT } from '../../domain/moving-in/peers.ts';
import { Pace } from '../../loop-turns.ts';
import { EndpointsService, type PutEndpoint } from '../endpoints/endpoints.service.ts';
import type { Caller } from '../platform/access/caller.ts';
import { AnswerRoom } from '../platform/answers/answer-room.ts';
import { describeError } from '../platform/answers/describe-error.ts';
import { Problem } from '../platform/answers/problem.ts';
import type { ProblemOrigin } from '../platform/answers/problem-origin.ts';
import { customerId as customerIdField, ownId } from '../platform/input/fields.ts';
import { clip } from '../platform/input/quote.ts';
import type { ImportBody, ImportedItem } from './imports.dto.ts';

/** Names of destinations are looked up meanwhile. */
const SIDE_BY_SIDE = 8;

/** As long as a name that is taken may be. */
const MAX_SHOWN_NAME = 128;

/** Who imports, whether for good, and how much can be said of it. */
interface Importing {
  readonly caller: Caller;
  readonly isRehearsal: boolean;
  readonly origin: ProblemOrigin;
  readonly room: AnswerRoom;
}

/** Makes endpoints of what other senders export; what is there already is only changed where it differs. */
@Injectable()
export class ImportsService {
  readonly #endpoints: EndpointsService;

  constructor(endpoints: EndpointsService) {
    this.#endpoints = endpoints;
  }

  /** Each for itself, in order; with `dry_run` nothing is kept. */
  async run(
    { from, endpoints, customer_id: fallback, dry_run: isRehearsal }: ImportBody,
    { caller, origin }: { readonly caller: Caller; readonly origin: ProblemOrigin },
  ): Promise<readonly ImportedItem[]> {
    const items: ImportedItem[] = [];
    const rest = endpoints.entries();
    const [pace, room] = [new Pace(), new AnswerRoom()];
    const lane = async () => {
      for (const [index, source] of rest) {
        await pace.rest();
        const endpoint = READ_ENDPOINT[from](source);
        const customerId = endpoint.customerId ?? fallback ?? null;
        const named = { ...endpoint, customerId };
        items[index] = await this.#import(named, { caller, isRehearsal, origin, room });
      }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
    return items;
  }

  async #import(moved: MovedEndpoint, how: Importing): Promise<ImportedItem> {
    const shown = {
      customer_id: moved.customerId && clip(moved.customerId, MAX_SHOWN_NAME),
      uid: moved.uid && clip(moved.uid, MAX_SHOWN_NAME),
      not_mapped: how.room.take(moved.notMapped),
    };
    try {
      const { outcome, id } = await this.#put(moved, how);
      return { ...shown, outcome, endpoint_id: id };
    } catch (error) {
      const problem = describeError(error);
      if (problem.status >= 500) throw error;
      const body = how.room.fit(problem.toBody(how.origin));
      return { ...shown, outcome: 'refused', endpoint_id: null, problem: body };
    }
  }

  async #put(
    { customerId, uid, body, isDisabled }: MovedEndpoint,
    { caller, isRehearsal }: { readonly caller: Caller; readonly isRehearsal: boolean },
  ): Promise<Pick<PutEndpoint, 'outcome'> & { readonly id: string | null }> {
    if (!customerIdField.safeParse(customerId).success || customerId === null) throw unnamed('customer');
    if (!ownId.safeParse(uid).success || uid === null) throw unnamed('endpoint');
    const name = { customerId, uid, caller, isImport: true, isDisabled };
    if (isRehearsal) return await this.#endpoints.rehearsePut(body, name);
    const { outcome, endpoint } = await this.#endpoints.put(body, name);
    return { outcome, id: endpoint.id };
  }
}

function unnamed(what: 'customer' | 'endpoint'): Problem {
  const detail = `The JSON names no ${what}, or by an id that cannot be taken; see the page of this sender.`;
  return new Problem(422, 'import_unnamed', { detail });
}
