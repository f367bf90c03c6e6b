import type { Client } from 'pg';

/** A table or view with everything that belongs to it, as lines of text in a fixed order. */
interface RelationRow {
  readonly title: string;
  readonly parts: readonly string[];
}

/**
 * The schema of a database as text that is the same wherever the same migrations ran: tables with their columns (types,
 * defaults), constraints, indexes, triggers and storage parameters, and views.
 * @param leftOut a table that is not told
 */
export async function describeSchema(client: Client, leftOut: string): Promise<string> {
  const { rows } = await client.query<RelationRow>(DESCRIBE_SQL, [leftOut]);
  return rows.map(({ title, parts }) => `${[title, ...parts.map(indented)].join('\n')}\n`).join('\n');
}

function indented(part: string): string {
  return part.replaceAll(/^/gm, '  ');
}

/**
 * Constraints that are an index are told once; since Postgres 18 `NOT NULL` is a constraint too, and stands with its
 * column.
 */
const DESCRIBE_SQL = `
  WITH relation AS (
    SELECT c.* FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
      AND c.relname <> $1),
  part AS (
    SELECT a.attrelid AS relation, 1 AS kind, to_char(a.attnum, '0000') AS place,
      a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
        || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
        || CASE WHEN a.attcollation <> t.typcollation THEN ' COLLATE "' || l.collname || '"' ELSE '' END AS text
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_collation l ON l.oid = a.attcollation
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT conrelid, 2, conname, 'CONSTRAINT ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE contype <> 'n'
    UNION ALL
    SELECT i.indrelid, 3, x.relname, pg_get_indexdef(i.indexrelid)
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
    WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid)
    UNION ALL
    SELECT tgrelid, 4, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT oid, 5, '', 'WITH (' || array_to_string(reloptions, ', ') || ')' FROM relation WHERE reloptions IS NOT NULL
    UNION ALL
    SELECT oid, 6, '', pg_get_viewdef(oid) FROM relation WHERE relkind = 'v')
  SELECT CASE WHEN r.relpersistence = 'u' THEN 'UNLOGGED ' ELSE '' END
      || CASE WHEN r.relkind = 'v' THEN 'VIEW ' ELSE 'TABLE ' END || r.relname
      || coalesce(' PARTITION BY ' || pg_get_partkeydef(r.oid), '') AS title,
    array_agg(p.text ORDER BY p.kind, p.place COLLATE "C") AS parts
  FROM relation r JOIN part p ON p.relation = r.oid
  GROUP BY r.oid, r.relname, r.relkind, r.relpersistence ORDER BY r.relname COLLATE "C"`;
