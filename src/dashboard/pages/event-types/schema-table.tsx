import { maskOf } from '../../data/masked.ts';
import { Section } from '../../parts/basics/page.tsx';
import { type Column, Table } from '../../parts/data/table.tsx';

interface Field {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly about: string;
  readonly shown: string;
}

const COLUMNS: readonly Column<Field>[] = [
  { key: 'name', head: 'Member', cell: ({ name }) => <code>{name}</code> },
  { key: 'type', head: 'Type', cell: ({ type }) => type },
  { key: 'required', head: 'Needed', look: 'soft', cell: ({ isRequired }) => (isRequired ? 'yes' : 'no') },
  { key: 'shown', head: 'Shown', look: 'soft', cell: ({ shown }) => shown },
  { key: 'about', head: 'Description', look: 'grow', cell: ({ about }) => about || null },
];

const SHOWN = { whole: 'masked', part: 'masked in part' } as const;

interface Props {
  readonly schema: Readonly<Record<string, unknown>>;
  /** Members whose values no answer shows. */
  readonly sensitive: readonly string[];
}

/** The members that a JSON Schema names, as a table. */
export function SchemaTable({ schema, sensitive }: Props) {
  const fields = fieldsOf(schema, sensitive);
  if (fields.length === 0) return null;
  return (
    <Section title="Data">
      <Table label="Members of the data" columns={COLUMNS} rows={fields} keyOf={({ name }) => name} />
    </Section>
  );
}

function fieldsOf(
  { properties, required }: Props['schema'],
  sensitive: Props['sensitive'],
): readonly Field[] {
  if (typeof properties !== 'object' || properties === null) return [];
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  return Object.entries(properties).map(([name, about]) => ({
    name,
    type: typeText(about),
    isRequired: needed.includes(name),
    about: textMember(about, 'description'),
    shown: shownText(maskOf(name, sensitive)),
  }));
}

function shownText(mask: ReturnType<typeof maskOf>): string {
  return mask === null ? 'yes' : SHOWN[mask];
}

function typeText(schema: unknown): string {
  if (typeof schema !== 'object' || schema === null) return 'anything';
  if ('enum' in schema && Array.isArray(schema.enum))
    return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  if ('const' in schema) return JSON.stringify(schema.const);
  const type = 'type' in schema ? [schema.type].flat().join(' | ') : 'anything';
  const format = textMember(schema, 'format');
  return format === '' ? type : `${type} (${format})`;
}

function textMember(schema: unknown, name: string): string {
  if (typeof schema !== 'object' || schema === null) return '';
  const value: unknown = Object.getOwnPropertyDescriptor(schema, name)?.value;
  return typeof value === 'string' ? value : '';
}
