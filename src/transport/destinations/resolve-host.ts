import { Resolver } from 'node:dns/promises';
import { openHostsFile } from './hosts-file.ts';

/** Finds all addresses of a host name, in the order to try them; rejects with the codes of c-ares (`ENOTFOUND`, …). */
export type HostLookup = (hostname: string) => Promise<readonly string[]>;

export interface ResolverOptions {
  /** Name servers as `ip` or `ip:port`; those of the system where empty. */
  readonly servers?: readonly string[];
  readonly hostsFile?: string;
}

/**
 * Three tries of 2, 4 and 8 s: a hanging name server ends a question, not the worker; the deadline comes first anyway.
 */
const QUESTION = { timeout: 2_000, tries: 3 };
/** The system's list of name servers may change while we run. */
const NEW_RESOLVER_AFTER_MS = 60_000;
/**
 * How long one family's answer waits for the other's (RFC 8305 calls for far less; an answer left out is not connected
 * to).
 */
const OTHER_FAMILY_MS = 1_000;

/**
 * Makes the resolver of a process: hosts file, `localhost` (RFC 6761), then DNS by c-ares, which holds no thread while
 * a name server hangs. Names are complete: no search domains. Questions for one name are asked once at a time.
 */
export function createResolver({ servers = [], hostsFile }: ResolverOptions = {}): HostLookup {
  const hosts = openHostsFile(hostsFile);
  const nameServers = createNameServers(servers);
  const underWay = new Map<string, Promise<readonly string[]>>();
  const find = async (name: string): Promise<readonly string[]> => {
    const local = await hosts(name);
    if (local.length > 0) return local;
    return /(^|\.)localhost$/.test(name) ? ['127.0.0.1', '::1'] : await ask(nameServers(), name);
  };
  return (hostname) => {
    const name = hostname.replace(/\.$/, '').toLowerCase();
    const asked = underWay.get(name);
    if (asked !== undefined) return asked;
    const answer = find(name).finally(() => underWay.delete(name));
    underWay.set(name, answer);
    return answer;
  };
}

function createNameServers(servers: readonly string[]): () => Resolver {
  let resolver = newResolver(servers);
  let madeAt = performance.now();
  return () => {
    if (servers.length === 0 && performance.now() - madeAt > NEW_RESOLVER_AFTER_MS) {
      resolver = newResolver(servers);
      madeAt = performance.now();
    }
    return resolver;
  };
}

function newResolver(servers: readonly string[]): Resolver {
  const resolver = new Resolver(QUESTION);
  if (servers.length > 0) resolver.setServers(servers);
  return resolver;
}

type Answers = PromiseSettledResult<readonly string[]>;

async function ask(resolver: Resolver, name: string): Promise<readonly string[]> {
  const questions = [settle(resolver.resolve4(name)), settle(resolver.resolve6(name))];
  const first = await Promise.race(questions);
  const isFound = first.status === 'fulfilled' && first.value.length > 0;
  const answers = isFound ? await withinGrace(questions) : await Promise.all(questions);
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (addresses.length > 0) return addresses;
  const failures = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
  throw failures.find((failure) => !isNotFound(failure)) ?? failures[0] ?? notFound(name);
}

async function settle(question: Promise<readonly string[]>): Promise<Answers> {
  const [answer] = await Promise.allSettled([question]);
  return answer;
}

/** The answers that are there when all are, or when the grace is over. */
async function withinGrace(questions: readonly Promise<Answers>[]): Promise<readonly Answers[]> {
  const there: Answers[] = [];
  const all = Promise.all(
    questions.map(async (question, place) => {
      there[place] = await question;
    }),
  );
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, OTHER_FAMILY_MS);
  });
  await Promise.race([all, grace]);
  clearTimeout(timer);
  return there.filter((answer) => answer !== undefined);
}

/** Whether a resolver says that a name is not there; everything else is its own trouble. */
export function isNotFound(failure: unknown): boolean {
  const code = (failure as NodeJS.ErrnoException | null)?.code ?? '';
  return NOT_FOUND.has(code);
}

const NOT_FOUND = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME', 'EAI_NONAME', 'EAI_NODATA']);

function notFound(name: string): Error {
  return Object.assign(new Error(`${name} has no address`), { code: 'ENOTFOUND' });
}
