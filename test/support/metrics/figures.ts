/** One figure of a page: its name, its labels, its value. */
export interface Figure {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads a page in the text format of Prometheus. */
export function parseFigures(text: string): readonly Figure[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^([a-z_:][\w:]*)(?:\{(.*)\})? (\S+)/i.exec(line) ?? [];
    if (name === undefined || value === undefined) return [];
    const pairs = [...labels.matchAll(/([a-z_]\w*)="((?:[^"\\]|\\.)*)"/gi)];
    return [
      { name, labels: Object.fromEntries(pairs.map(([, key, text]) => [key, text])), value: Number(value) },
    ];
  });
}

/** The sum of a figure over all label sets that carry these labels. */
export function sumOf(
  figures: readonly Figure[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  return figures
    .filter((figure) => figure.name === name)
    .filter((figure) => Object.entries(labels).every(([key, text]) => figure.labels[key] === text))
    .reduce((sum, { value }) => sum + value, 0);
}

/** What a page shows now. */
export async function readFigures(port: number | string): Promise<readonly Figure[]> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  if (!response.ok) throw new Error(`/metrics answers ${response.status}`);
  return parseFigures(await response.text());
}
