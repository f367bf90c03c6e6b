import { parser } from '@prometheus-io/lezer-promql';

/** A selector of an expression: its figure, and the labels that it or its aggregation names. */
export interface Selector {
  readonly metric: string;
  readonly labels: readonly string[];
}

/** What an expression asks for. @throws Error where it is no PromQL */
export function selectorsOf(expression: string): readonly Selector[] {
  const text = expression.replaceAll(/\$__\w+/g, '5m');
  const found: { metric: string; labels: string[] }[] = [];
  parser.parse(text).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) throw new Error(`no PromQL at ${from}: ${text}`);
      const part = text.slice(from, to);
      if (type.name === 'VectorSelector') found.push({ metric: '', labels: [] });
      const current = found.at(-1);
      if (current === undefined) return;
      if (type.name === 'Identifier') current.metric ||= part;
      if (type.name === 'LabelName') current.labels.push(part);
    },
  });
  return found;
}

/** The labels by which an expression groups. */
export function groupingsOf(expression: string): readonly string[] {
  return [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim()),
  );
}
