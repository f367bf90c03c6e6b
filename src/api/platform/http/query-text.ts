import { parse } from 'node:querystring';

const NESTED = /^data\[(.+)\]$/s;

/** Reads the query of a URL; `data[job_id]=7` becomes the member `job_id` of an object `data`. */
export function parseQuery(text: string): Record<string, unknown> {
  const query: Record<string, unknown> = Object.create(null);
  if (text === '') return query;
  const data: Record<string, unknown> = Object.create(null);
  for (const [name, value] of Object.entries(parse(text))) {
    const [, member] = NESTED.exec(name) ?? [];
    if (member === undefined) query[name] = value;
    else data[member] = value;
  }
  return Object.keys(data).length === 0 ? query : { ...query, data };
}
