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

const DELIVERIES = ['open_deliveries', 'ended_deliveries'];

/** What each scan of deliveries reads when this prepared statement is run, on the only connection of this database. */
export async function scansOf(
  database: Database,
  statement: string,
): Promise<readonly { readonly by: string; readonly rows: number }[]> {
  const client = await database.pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query(`EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE ${statement}`);
    await client.query('ROLLBACK');
    const [{ Plan: plan }] = rows[0]['QUERY PLAN'] as [{ Plan: PlanNode }];
    return nodesOf(plan)
      .filter(
        (node) => DELIVERIES.includes(node['Relation Name'] ?? '') && node['Node Type'] !== 'ModifyTable',
      )
      .map((node) => ({
        by: node['Index Name'] ?? node['Node Type'],
        rows: (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
      }));
  } finally {
    client.release();
  }
}

/** An array literal of SQL. */
export function list(values: readonly (string | number)[], type: string): string {
  return `'{${values.join(',')}}'::${type}[]`;
}

function nodesOf(node: PlanNode): readonly PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
