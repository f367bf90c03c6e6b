import { z } from 'zod';
import { API_KEY_SCOPES, type ApiKeyScope } from '../domain/api-key.ts';

/** People whom a proxy in front of the API has let in. */
export interface TrustedPeople {
  /** The header that names them, in small letters. */
  readonly header: string;
  /** What each may do, by name; `*` stands for everybody else whom the proxy lets in. */
  readonly scopes: ReadonlyMap<string, readonly ApiKeyScope[]>;
}

const MAX_NAME_LENGTH_OF_PEOPLE = 256;
const scopesByName = z.record(z.string().min(1), z.array(z.enum(API_KEY_SCOPES)).min(1));

/** Reads `{"alice@example.com":["view","retry"],"*":["view"]}`; null for what is none. */
export function readScopesOfPeople(text: string): TrustedPeople['scopes'] | null {
  try {
    return new Map(Object.entries(scopesByName.parse(JSON.parse(text))));
  } catch {
    return null;
  }
}

/** What somebody whom the proxy names may do; null for nobody, and for who is not listed. */
export function scopesOf({ scopes }: TrustedPeople, name: string): readonly ApiKeyScope[] | null {
  if (name === '' || name.length > MAX_NAME_LENGTH_OF_PEOPLE) return null;
  return scopes.get(name) ?? scopes.get('*') ?? null;
}
