import type { Database } from '../../../src/storage/postgres/database.ts';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly PlanNode[];
}

/** A part of a plan that reads a table: how many rows and blocks in all. */
interface Scan {
  readonly table: string;
  readonly by: string;
  readonly rows: number;
  readonly blocks: number;
}

/** A table of deliveries, or a part of one. */
const OF_DELIVERIES = /^(open|ended)_deliveries/;

/**
 * What each scan of these tables reads when this prepared statement is run, on the only connection of this database.
 * Entries of an index that do not fit its condition are not among the rows it reads; their blocks are.
 */
export async function scansOf(
  database: Database,
  statement: string,
  tables = OF_DELIVERIES,
): Promise<readonly Scan[]> {
  const client = await database.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL plan_cache_mode = force_generic_plan');
    const { rows } = await client.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE ${statement}`);
    await client.query('ROLLBACK');
    const [{ Plan: plan }] = rows[0]['QUERY PLAN'] as [{ Plan: PlanNode }];
    return nodesOf(plan)
      .filter((node) => tables.test(node['Relation Name'] ?? '') && node['Node Type'] !== 'ModifyTable')
      .map((node) => ({
        table: node['Relation Name'] ?? '',
        by: node['Index Name'] ?? node['Node Type'],
        rows: readBy(node),
        blocks: node['Shared Hit Blocks'] + node['Shared Read Blocks'],
      }));
  } finally {
    client.release();
  }
}

/** A database, and how many rows and blocks all that was read through it so far reads. */
interface WatchedReads {
  readonly database: Database;
  readonly rowsRead: () => Promise<number>;
  readonly blocksRead: () => Promise<number>;
}

/** The same database, with every statement for reading noted. */
export function watchReads(database: Database): WatchedReads {
  const asked: Statement[] = [];
  const reads: Database['reads'] = {
    query: async (text, values = []) => {
      asked.push({ text, values });
      return await database.reads.query(text, values);
    },
    end: async () => {},
  };
  const sumOf = async (ofPlan: (plan: PlanNode) => number): Promise<number> => {
    const plans = await Promise.all(asked.map(async (one) => await planOf(database, one)));
    return plans.reduce((sum, plan) => sum + ofPlan(plan), 0);
  };
  return {
    database: { ...database, reads },
    rowsRead: async () => await sumOf(rowsReadBy),
    blocksRead: async () => await sumOf((plan) => plan['Shared Hit Blocks'] + plan['Shared Read Blocks']),
  };
}

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

async function planOf({ pool }: Database, { text, values }: Statement): Promise<PlanNode> {
  const { rows } = await pool.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, [...values]);
  const [{ Plan: plan }] = rows[0]['QUERY PLAN'] as [{ Plan: PlanNode }];
  return plan;
}

/** How many rows a plan reads, of tables and indexes, whatever it answers. */
function rowsReadBy(plan: PlanNode): number {
  return nodesOf(plan)
    .filter((node) => node['Relation Name'] !== undefined || node['Index Name'] !== undefined)
    .reduce((sum, node) => sum + readBy(node), 0);
}

function readBy(node: PlanNode): number {
  return (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
}

/** An array literal of SQL. */
export function list(values: readonly (string | number)[], type: string): string {
  return `'{${values.join(',')}}'::${type}[]`;
}

function nodesOf(node: PlanNode): readonly PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
