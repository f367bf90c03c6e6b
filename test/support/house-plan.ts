import { posix } from 'node:path';
import { ownImportsOf, type SourceFile, type Violation } from './house-rules.ts';

/** The folders of storage: each imports only from those before it. */
const STORAGE_ORDER = [
  'postgres',
  'sealed',
  'access',
  'operator',
  'customers',
  'endpoints',
  'open',
  'history',
  'stats',
  'events',
  'claims',
  'gates',
  'listeners',
  'replays',
  'upkeep',
];

const MAX_FILES = 20;
/** One rule or case a file, however many there are. */
const MAY_BE_CROWDED = ['src/domain', 'test/domain', 'test/histories'];

/** Imports within storage that point to a later folder, or come from one that has no place in the order. */
export function upwardImports(files: readonly SourceFile[]): readonly Violation[] {
  return files.flatMap((file) => {
    const rank = rankOf(file.path);
    if (rank === null) return [];
    if (rank === -1) return [`${file.path}: is in no folder of the order of storage`];
    return ownImportsOf(file)
      .filter((target) => (rankOf(target) ?? -1) > rank)
      .map((target) => `${file.path}: imports ${target}, whose folder comes later`);
  });
}

function rankOf(path: string): number | null {
  if (!path.startsWith('src/storage/')) return null;
  return STORAGE_ORDER.indexOf(path.split('/')[2] ?? '');
}

/** Files that import each other, through whatever others, by types too; each group once. */
export function importCycles(files: readonly SourceFile[]): readonly Violation[] {
  const imports = new Map(files.map((file) => [file.path, ownImportsOf(file)]));
  const left = new Map(imports);
  for (;;) {
    const leaves = [...left].filter(([, targets]) => !targets.some((target) => left.has(target)));
    if (leaves.length === 0) break;
    for (const [path] of leaves) left.delete(path);
  }
  const cycles = new Set<string>();
  for (const path of left.keys()) {
    const cycle = cycleThrough(path, imports);
    if (cycle !== null) cycles.add([...cycle].sort().join(', '));
  }
  return [...cycles].map((cycle) => `import each other: ${cycle}`);
}

/** The shortest way from a file back to itself. */
function cycleThrough(
  start: string,
  imports: ReadonlyMap<string, readonly string[]>,
): readonly string[] | null {
  const ways: (readonly string[])[] = [[start]];
  const seen = new Set<string>();
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    for (const target of imports.get(way.at(-1) ?? '') ?? []) {
      if (target === start) return way;
      if (seen.has(target)) continue;
      seen.add(target);
      ways.push([...way, target]);
    }
  }
  return null;
}

/** Folders with more files than one can take in at a glance. @param paths of files of any kind */
export function crowdedFolders(paths: readonly string[]): readonly Violation[] {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const folder = posix.dirname(path);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([folder, count]) => count > MAX_FILES && !MAY_BE_CROWDED.includes(folder))
    .map(([folder, count]) => `${folder}: has ${count} files; ${MAX_FILES} are allowed`);
}

const STATUS = "'(?:scheduled|queued|sending|retrying|held|delivered|dead|cancelled|skipped)'";
const STATUS_LIST = new RegExp(`IN \\(${STATUS}, `);

/** What storage must not spell out: routes of the API, and lists of states that `statuses.ts` has. */
export function spelledOut(files: readonly SourceFile[]): readonly Violation[] {
  return files
    .filter(({ path }) => path.startsWith('src/storage/'))
    .flatMap(({ path, text }) => [
      ...(text.includes('/v1/') ? [`${path}: names a route of the API`] : []),
      ...(STATUS_LIST.test(text) ? [`${path}: spells out a list of states`] : []),
    ]);
}

/**
 * Who writes each table, folders or files below src/storage: the first owns it. Secrets are sealed anew, ended rows
 * swept, and a gate's row turned by those that stand behind.
 */
const WRITERS: Readonly<Record<string, readonly string[]>> = {
  api_key_former_texts: ['access'],
  api_keys: ['access'],
  audit_entries: ['access', 'upkeep'],
  batches: ['claims', 'upkeep'],
  customers: ['customers'],
  destination_rules: ['operator'],
  ended_deliveries: ['open/transitions'],
  endpoint_activity: ['stats'],
  endpoint_health: ['gates'],
  endpoint_secrets: ['endpoints', 'sealed', 'gates/endpoint-removal.ts', 'upkeep'],
  endpoint_versions: ['upkeep'],
  endpoints: ['endpoints', 'sealed', 'gates', 'upkeep'],
  event_parts: ['events', 'upkeep/erase-events.ts'],
  event_type_versions: ['upkeep'],
  event_types: ['events'],
  event_uids: ['events', 'upkeep'],
  events: ['events', 'upkeep'],
  further_attempts: ['claims', 'open/transitions', 'upkeep'],
  gate_drains: ['gates', 'claims/manual-turn.ts'],
  gates: ['endpoints', 'gates', 'open/line.ts'],
  idempotency_keys: ['events', 'upkeep'],
  listeners: ['listeners'],
  master_key_holders: ['sealed'],
  network_suspicions: ['operator'],
  open_deliveries: ['open/transitions', 'claims/wave-claims.ts'],
  outages: ['gates'],
  outcomes: ['open', 'stats'],
  ownership_checks: ['endpoints'],
  rate_limit_windows: ['access'],
  remembered_answers: ['access', 'upkeep'],
  relays: ['listeners'],
  replay_endpoints: ['replays'],
  replays: ['replays', 'upkeep'],
  rollup_progress: ['stats'],
  rollup_times: ['stats'],
  rollups: ['stats'],
  search_keys: ['history', 'upkeep'],
  wave_leases: ['open'],
  sessions: ['access', 'upkeep/erasures.ts'],
  waves: ['open'],
};

const WRITE = /(?:UPDATE|INSERT INTO|DELETE FROM) ([a-z_]+)/g;

/** SQL that writes a table in a file that is none of its writers. */
export function foreignWrites(files: readonly SourceFile[]): readonly Violation[] {
  return files
    .filter(({ path }) => path.startsWith('src/'))
    .flatMap(({ path, text }) => {
      const tables = new Set([...text.matchAll(WRITE)].map(([, table = '']) => table));
      return [...tables].filter((table) => !isWriter(path, table)).map((table) => `${path}: writes ${table}`);
    });
}

function isWriter(path: string, table: string): boolean {
  return (WRITERS[table] ?? []).some((writer) => path.startsWith(`src/storage/${writer}`));
}
