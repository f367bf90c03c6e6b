import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { ValidateFunction } from 'ajv';
import type { InputProblem } from '../../domain/errors.ts';
import type { EventType } from '../../domain/event-type.ts';
import type { Database } from '../../storage/postgres/database.ts';
import { DATABASE } from '../dependencies.ts';
import { ThreadPool } from '../platform/threads/thread-pool.ts';
import { compileSchema, type JsonSchema } from './json-schema.ts';
import { isPlainSchema } from './plain-schema.ts';
import type { SchemaAnswers, SchemaQuestion } from './schema-thread.ts';

const THREADS = 2;
const COMPILE_MS = 2_000;
/** Bytes of data times bytes of schema: plain schemas then take some milliseconds at worst. */
const MAX_INLINE_PRODUCT = 16_777_216;

/** What the schema checks of one request took. */
export class CheckTime {
  ranMs = 0;
}

/** Data to check: the value, and the JSON text it was read from or will be sent as. */
export interface CheckedData {
  readonly value: unknown;
  readonly text: string;
}

interface Prepared {
  readonly schemaText: string;
  /** Says yes or no; null where that could take long. */
  readonly isValid: ValidateFunction | null;
}

/**
 * Checks data against the JSON Schemas of event types. What is sure to be quick is checked at once; everything else in
 * threads with a deadline, customers in turn, so that no pattern and no comparison holds up anybody else.
 */
@Injectable()
export class SchemaChecker implements OnModuleDestroy {
  readonly #pool = new ThreadPool(threadFile(), THREADS);
  readonly #prepared = new WeakMap<EventType, Prepared>();
  readonly #checkMs: number;

  constructor(@Inject(DATABASE) { timing }: Database) {
    this.#checkMs = timing.schemaCheckMs;
  }

  /**
   * Every way in which the data breaks the schema of its type; pointers begin below `data`. `owner` takes turns with
   * others.
   */
  async findProblems(
    type: EventType,
    data: CheckedData,
    { owner, time }: { readonly owner: string; readonly time: CheckTime },
  ): Promise<readonly InputProblem[]> {
    if (type.schema === null) return [];
    const { schemaText, isValid } = this.#prepare(type, type.schema);
    const isQuick = schemaText.length * data.text.length <= MAX_INLINE_PRODUCT;
    if (isQuick && isValid?.(data.value) === true) return [];
    const deadlineMs = Math.min(this.#checkMs, 2 * this.#checkMs - time.ranMs);
    if (deadlineMs <= 0) return [overdue(type)];
    const question = { ask: 'problems', schemaText, dataText: data.text } as const;
    const { answer, ranMs } = await this.#ask(question, { owner, deadlineMs });
    time.ranMs += ranMs;
    return answer ?? [overdue(type)];
  }

  /** Why a JSON Schema cannot be used; null where it can. */
  async findFault(schema: JsonSchema): Promise<string | null> {
    const question = { ask: 'fault', schemaText: JSON.stringify(schema) } as const;
    const { answer } = await this.#ask(question, { owner: 'operator', deadlineMs: COMPILE_MS });
    return answer === undefined ? `It cannot be compiled within ${COMPILE_MS} ms.` : answer;
  }

  async onModuleDestroy(): Promise<void> {
    await this.#pool.close();
  }

  #prepare(type: EventType, schema: JsonSchema): Prepared {
    const known = this.#prepared.get(type);
    if (known !== undefined) return known;
    const isValid = isPlainSchema(schema) ? compileSchema(schema, { allErrors: false }) : null;
    const prepared = { schemaText: JSON.stringify(schema), isValid };
    this.#prepared.set(type, prepared);
    return prepared;
  }

  async #ask<Q extends SchemaQuestion>(
    question: Q,
    { owner, deadlineMs }: { readonly owner: string; readonly deadlineMs: number },
  ): Promise<{ readonly answer?: SchemaAnswers[Q['ask']]; readonly ranMs: number }> {
    const outcome = await this.#pool.run({ owner, message: question, deadlineMs });
    if (outcome.kind === 'overdue') return { ranMs: Number.POSITIVE_INFINITY };
    return { answer: outcome.answer as SchemaAnswers[Q['ask']], ranMs: outcome.ranMs };
  }
}

function overdue({ name }: EventType): InputProblem {
  const message =
    `Checking this data against the schema of ${name} takes too long, and so it is refused; the schema ` +
    `may hold a pattern or uniqueItems that explodes on it.`;
  return { pointer: '', code: 'schema_check_timeout', message };
}

/** Tests run sources; a thread needs what they compile to. */
function threadFile(): URL {
  const here = import.meta.url;
  return here.endsWith('.ts')
    ? new URL('../../../dist/src/api/event-types/schema-thread.js', here)
    : new URL('./schema-thread.js', here);
}
