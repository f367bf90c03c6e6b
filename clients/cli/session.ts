import { Posthorn } from '../typescript/posthorn.ts';
import type { Io } from './io.ts';
import { type Column, Output, type OutputOptions } from './output/output.ts';
import { type Access, type AccessOptions, findAccess } from './settings/access.ts';
import { Declined, UsageError } from './usage-error.ts';

/** The options that every command has. */
export interface GlobalOptions extends AccessOptions, OutputOptions {
  readonly yes?: boolean;
  /** False by `--no-input`. */
  readonly input?: boolean;
  readonly verbose?: boolean;
  readonly timeout?: number;
}

/** What a command works with: the API, and where its results go. */
export class Session {
  readonly io: Io;
  readonly options: GlobalOptions;
  readonly output: Output;
  #access: Access | null = null;
  #posthorn: Posthorn | null = null;
  #lastText = '';

  constructor(io: Io, options: GlobalOptions) {
    this.io = io;
    this.options = options;
    this.output = new Output(io, options);
  }

  /** Which instance with which key; looked for when it is first needed. */
  get access(): Access {
    this.#access ??= findAccess(this.io, this.options);
    return this.#access;
  }

  /** The API. @throws UsageError where there is no key for it */
  get posthorn(): Posthorn {
    this.#posthorn ??= this.#connect();
    return this.#posthorn;
  }

  /** Shows one thing: for people by columns, else as the API answered it, number by number. */
  show<Item>(item: Item, columns: readonly Column<Item>[]): void {
    if (this.output.isJson) this.output.write(`${this.#lastText}\n`);
    else this.output.details(item, columns);
  }

  /** The text of the last answer, as the API wrote it. */
  get lastText(): string {
    return this.#lastText;
  }

  /**
   * Asks before something that cannot be undone; `--yes` is the answer where nobody can be asked.
   * @throws Declined, UsageError
   */
  async confirm(question: string): Promise<void> {
    if (this.options.yes === true) return;
    const { ask } = this.io;
    if (ask === null || this.options.input === false)
      throw new UsageError(`${question} Say --yes: there is nobody to ask.`);
    if (!/^y(es)?$/i.test((await ask(`${question} [y/N] `)).trim())) throw new Declined();
  }

  #connect(): Posthorn {
    const { url, key, source } = this.access;
    if (key === null)
      throw new UsageError(
        `There is no key for ${url} (${source}): set POSTHORN_API_KEY, give --key-file, or run posthorn login.`,
      );
    return new Posthorn({
      url,
      key,
      maxRetries: 3,
      timeoutMs: this.options.timeout,
      fetch: async (request) => await this.#send(request),
    });
  }

  async #send(request: Request): Promise<Response> {
    const signal = AbortSignal.any([request.signal, this.io.signal]);
    const response = await fetch(request, { signal, redirect: 'error' });
    const text = await response.text();
    this.#lastText = text;
    if (this.options.verbose === true)
      this.output.note(
        `${request.method} ${request.url} ${response.status} ${response.headers.get('x-request-id')}`,
      );
    const { status, statusText, headers } = response;
    return new Response(text === '' ? null : text, { status, statusText, headers });
  }
}
