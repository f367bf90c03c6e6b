import type { Database } from '../../../src/storage/postgres/database.ts';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** A table of deliveries, or a part of one. */
function isOfDeliveries(name: string): boolean {
  return /^(open|ended)_deliveries/.test(name);
}

/** What each scan of deliveries reads when this prepared statement is run, on the only connection of this database. */
export async function scansOf(
  database: Database,
  statement: string,
): Promise<readonly { readonly table: string; readonly by: string; readonly rows: number }[]> {
  const client = await database.pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query(`EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE ${statement}`);
    await client.query('ROLLBACK');
    const [{ Plan: plan }] = rows[0]['QUERY PLAN'] as [{ Plan: PlanNode }];
    return nodesOf(plan)
      .filter((node) => isOfDeliveries(node['Relation Name'] ?? '') && node['Node Type'] !== 'ModifyTable')
      .map((node) => ({
        table: node['Relation Name'] ?? '',
        by: node['Index Name'] ?? node['Node Type'],
        rows: readBy(node),
      }));
  } finally {
    client.release();
  }
}

/** How many rows a statement reads, of tables and indexes, whatever it answers. */
export async function rowsRead(
  { pool }: Database,
  { text, values }: { readonly text: string; readonly values: readonly unknown[] },
): Promise<number> {
  const { rows } = await pool.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, [...values]);
  const [{ Plan: plan }] = rows[0]['QUERY PLAN'] as [{ Plan: PlanNode }];
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
