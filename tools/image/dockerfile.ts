/** One instruction of a Dockerfile, its lines joined. */
export interface Step {
  readonly keyword: string;
  readonly text: string;
}

/** What begins with a FROM. */
export interface Stage {
  readonly name: string | null;
  readonly steps: readonly Step[];
}

/** Files that a step takes over. */
export interface Copy {
  /** The stage that they are of; null: the context. */
  readonly from: string | null;
  readonly sources: readonly string[];
  readonly target: string;
}

/** How the last stage is run. */
export interface ImageConfig {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
}

/** The stages of a Dockerfile in their order; of the language only what ours uses. */
export function readDockerfile(text: string): readonly Stage[] {
  const lines = text.replaceAll(/^\s*#.*\n/gm, '').replaceAll(/\\\n\s*/g, ' ');
  const stages: { name: string | null; steps: Step[] }[] = [];
  for (const [, keyword = '', rest = ''] of lines.matchAll(/^([A-Z]+) +(.+)$/gm)) {
    if (keyword === 'FROM') stages.push({ name: / AS (\S+)$/.exec(rest)?.[1] ?? null, steps: [] });
    else stages.at(-1)?.steps.push({ keyword, text: rest.trim() });
  }
  return stages;
}

/** What a COPY says. */
export function readCopy(text: string): Copy {
  const words = text.split(/\s+/);
  const from = /^--from=(.+)$/.exec(words[0] ?? '')?.[1] ?? null;
  const paths = from === null ? words : words.slice(1);
  return { from, sources: paths.slice(0, -1), target: paths.at(-1) ?? '.' };
}

/** How what a stage makes is run. */
export function configOf({ steps }: Stage): ImageConfig {
  const last = (keyword: string): string => steps.findLast((step) => step.keyword === keyword)?.text ?? '';
  const pairs = steps.filter(({ keyword }) => keyword === 'ENV').flatMap(({ text }) => text.split(/\s+/));
  return {
    directory: last('WORKDIR'),
    environment: Object.fromEntries(
      pairs.map((pair) => [pair.replace(/=.*/, ''), pair.replace(/^[^=]*=/, '')]),
    ),
    user: last('USER'),
    entrypoint: wordsOf(last('ENTRYPOINT')),
    command: wordsOf(last('CMD')),
    healthcheck: wordsOf(last('HEALTHCHECK').replace(/^.*?CMD /, '')),
  };
}

function wordsOf(text: string): readonly string[] {
  const words: unknown = JSON.parse(text);
  if (!Array.isArray(words)) throw new Error(`${text} is no list of words`);
  return words.map(String);
}
