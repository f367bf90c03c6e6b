import { join } from 'node:path';

/** A program with its arguments. */
export type Command = readonly string[];

/** How a client of one language is generated, compiled and run, in a directory of its own below `.conformance/`. */
export interface Language {
  readonly name: string;
  /** What must be there; else the language is passed over, or fails with `--strict`. */
  readonly needs: readonly Command[];
  /** From the directory of our sources, copied into its own. */
  readonly sources: string;
  /** Installs, generates and compiles, one after another. */
  readonly build: readonly Command[];
  /** Publishes, lists and retries at `POSTHORN_URL` with `POSTHORN_KEY`. */
  readonly run: Command;
}

const DOCUMENT = join('..', '..', 'clients', 'openapi.json');
const DOCUMENT_30 = join('..', '..', 'clients', 'openapi-3.0.json');
const PYTHON = join('venv', 'bin', 'python');
const OAPI_CODEGEN = 'github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2';

/** The languages beside TypeScript, whose client `npm test` compiles and runs. */
export const LANGUAGES: readonly Language[] = [
  {
    name: 'python',
    needs: [['python3', '-c', 'import sys, venv; sys.exit(sys.version_info < (3, 10))']],
    sources: 'python',
    build: [
      ['python3', '-m', 'venv', 'venv'],
      [PYTHON, '-m', 'pip', 'install', '--quiet', 'openapi-python-client==0.29.1'],
      [
        join('venv', 'bin', 'openapi-python-client'),
        'generate',
        ...['--path', DOCUMENT, '--meta', 'none', '--output-path', 'posthorn_client', '--overwrite'],
        ...['--config', 'config.yml'],
      ],
      [PYTHON, '-m', 'compileall', '-q', 'posthorn_client'],
    ],
    run: [PYTHON, 'publish_list_retry.py'],
  },
  {
    name: 'go',
    needs: [['go', 'version']],
    sources: 'go',
    build: [
      ['go', 'run', OAPI_CODEGEN, '-config', 'oapi-codegen.yml', DOCUMENT_30],
      ['go', 'mod', 'tidy'],
      ['go', 'build', '-o', 'client', '.'],
    ],
    run: ['./client'],
  },
  {
    name: 'java',
    needs: [
      ['java', '-version'],
      ['mvn', '-version'],
    ],
    sources: 'java',
    build: [['mvn', '--quiet', '--batch-mode', 'compile']],
    run: ['java', '-cp', 'target/classes:target/dependency/*', 'PublishListRetry'],
  },
];
