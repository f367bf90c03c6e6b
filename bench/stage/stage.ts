import { resolve } from 'node:path';
import { choiceOption } from '../options.ts';
import { POSTGRES_CHOICES, type PostgresChoice } from './provide-postgres.ts';

/** On what a run takes place: the servers, the processes, and whose program runs in them. */
export interface Stage {
  readonly postgres: PostgresChoice;
  /** API and workers as processes of their own, or API and first worker in one. */
  readonly processes: Processes;
  /** The checkout whose built program runs; the current one where null. */
  readonly checkout: string | null;
  /** Whether Postgres counts what its statements cost; not the embedded one, and not for others who name theirs. */
  readonly countsStatements?: boolean;
}

const PROCESSES = ['apart', 'together'] as const;
type Processes = (typeof PROCESSES)[number];

/** What `npm start` has, with processes apart as in production. */
export const USUAL_STAGE: Stage = { postgres: 'embedded', processes: 'apart', checkout: null };

/** The options that every benchmark has for its stage, as the help tells them. */
export const STAGE_USAGE = `\
  --postgres <which>      ${POSTGRES_CHOICES.join(', ')} (embedded): with the settings of npm start; Debian's 15 or
                          another version with the settings it comes with; the server that DATABASE_URL names
  --processes <how>       apart or together (apart): API and worker; where no worker has to start later or be killed
  --against <directory>   compares with another built checkout: a run of ours, one of its, and so on in turn
  --against-postgres <which>  compares with another Postgres likewise
  --pairs <n>             how many of each (2)
`;

/** Reads the options of a stage. @throws UsageError as `choiceOption` does */
export function readStage(values: Readonly<Record<string, string | boolean | undefined>>): Stage {
  return {
    postgres: choiceOption(values.postgres, {
      name: 'postgres',
      choices: POSTGRES_CHOICES,
    }) as PostgresChoice,
    processes: choiceOption(values.processes, { name: 'processes', choices: PROCESSES }) as Processes,
    checkout: null,
  };
}

/** The stage to compare with: another checkout, another Postgres, or both; null where the options name neither. */
export function readOther(
  stage: Stage,
  values: Readonly<Record<string, string | boolean | undefined>>,
): Stage | null {
  const { against: checkout, 'against-postgres': postgres } = values;
  if (typeof checkout !== 'string' && postgres === undefined) return null;
  return {
    ...stage,
    ...(typeof checkout === 'string' && { checkout }),
    ...(postgres !== undefined && { postgres: readStage({ postgres }).postgres }),
  };
}

/** The program that runs on this stage. */
export function programOf({ checkout }: Pick<Stage, 'checkout'>): string {
  return resolve(checkout ?? '.', 'dist/src/main/posthorn.js');
}
