import { isHeaderName, isHeaderValue, isOwnedHeaderName } from '../custom-header.ts';

/** Members of somebody else's JSON. */
export type Members = Readonly<Record<string, unknown>>;

/** Something of another sender's endpoint that has no counterpart here, or only a rough one. */
export interface NotMapped {
  /** Where it stands, members joined by dots. */
  readonly member: string;
  readonly reason: string;
}

/** An endpoint of another sender in the words of this API: a body that creates it, whose it is, and what got lost. */
export interface MovedEndpoint {
  readonly customerId: string | null;
  readonly uid: string | null;
  readonly isDisabled: boolean;
  readonly body: Members;
  readonly notMapped: readonly NotMapped[];
}

/** Collects a body member by member, and what could not be mapped. */
export class Mapping {
  readonly #source: Members;
  readonly #looked = new Set<string>();
  readonly body: Record<string, unknown> = {};
  readonly notMapped: NotMapped[] = [];

  constructor(source: Members) {
    this.#source = source;
  }

  /** A member of the source, which counts as mapped from then on. */
  take(name: string): unknown {
    this.#looked.add(name);
    return this.#source[name];
  }

  /** The first of these members that is a text with something in it. */
  takeText(...names: readonly string[]): string | null {
    const values = names.map((name) => this.take(name));
    return values.find((value): value is string => typeof value === 'string' && value !== '') ?? null;
  }

  /** Sets a member of the body, unless there is nothing to set. */
  set(member: string, value: unknown): void {
    if (value !== null && value !== undefined) this.body[member] = value;
  }

  /** Notes what has no counterpart. */
  lose(member: string, reason: string): void {
    this.notMapped.push({ member, reason });
  }

  /** Notes these members with their reasons where they hold something. */
  loseEach(reasons: Readonly<Record<string, string>>): void {
    for (const [name, reason] of Object.entries(reasons)) if (holds(this.take(name))) this.lose(name, reason);
  }

  /** Adds headers, but for those that cannot be sent. */
  setHeaders(given: unknown, member: string): void {
    const headers: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(membersOf(given))) {
      const text = typeof value === 'string' ? value : String(membersOf(value).value ?? '');
      const problem = headerProblem(name, text);
      if (problem === null) headers[name] = value;
      else this.lose(`${member}.${name}`, problem);
    }
    if (Object.keys(headers).length > 0) this.set('headers', { ...membersOf(this.body.headers), ...headers });
  }

  /** Names every member that nobody looked at and that holds something. */
  loseTheRest(ignored: readonly string[]): void {
    for (const [name, value] of Object.entries(this.#source)) {
      if (this.#looked.has(name) || ignored.includes(name) || !holds(value)) continue;
      this.lose(name, 'There is nothing like it here.');
    }
  }
}

/** The members of an object; none of anything else. */
export function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** The texts of a list; null where there are none. */
export function textsOf(value: unknown): readonly string[] | null {
  if (!Array.isArray(value)) return null;
  const texts = value.filter((one): one is string => typeof one === 'string');
  return texts.length === 0 ? null : texts;
}

/** Names that belong to texts, as metadata has them. */
export function metadataOf(value: unknown): Readonly<Record<string, string>> | null {
  const entries = Object.entries(membersOf(value)).map(([name, one]) => [
    name,
    typeof one === 'string' ? one : JSON.stringify(one),
  ]);
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

/** So many calls in so many seconds as a rate limit, exact in the shortest period that it is; null where it is none. */
export function rateOf(
  limit: unknown,
  seconds: number,
): { readonly limit: number; readonly per: string; readonly isExact: boolean } | null {
  if (typeof limit !== 'number' || !(limit > 0) || !(seconds > 0)) return null;
  for (const [per, length] of PERIODS) {
    const calls = (limit * length) / seconds;
    if (Number.isInteger(calls)) return { limit: calls, per, isExact: true };
  }
  return { limit: Math.max(1, Math.floor((limit * HOUR) / seconds)), per: 'hour', isExact: false };
}

const HOUR = 3_600;
const PERIODS = [
  ['second', 1],
  ['minute', 60],
  ['hour', HOUR],
] as const;

function headerProblem(name: string, value: string): string | null {
  if (isOwnedHeaderName(name)) return 'The header is sent by Posthorn or by HTTP itself.';
  if (!isHeaderName(name) || !isHeaderValue(value)) return 'This is no header that HTTP allows.';
  return null;
}

/** Whether a value says anything. */
function holds(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === false) return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
