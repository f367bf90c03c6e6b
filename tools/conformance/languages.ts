import { join } from 'node:path';

/** A program with its arguments. */
export type Command = readonly string[];

/** A part of a page that is to be run. */
export interface Example {
  readonly page: string;
  readonly file: string;
  /** Of this name; else it is the first of the page. */
  readonly recipe?: string;
  /** What is written in place of what, to make the mistake that the page warns of. */
  readonly mistake?: readonly [right: string, wrong: string];
}

/** How a client of one language is generated, compiled and run, in a directory of its own below `.conformance/`. */
export interface Language {
  readonly name: string;
  /** What must be there; else the language is passed over, or fails with `--strict`. */
  readonly needs: readonly Command[];
  /** From the directory of our sources, copied into its own. */
  readonly sources: string;
  /** Installs, generates and compiles, one after another. */
  readonly build: readonly Command[];
  /** Folders of ours that are copied beside the sources. */
  readonly libraries?: readonly string[];
  /** Examples of pages that are written into files. */
  readonly examples?: readonly Example[];
  /**
   * Talks to Posthorn at `POSTHORN_URL` with `POSTHORN_KEY` (and `POSTHORN_API_KEY`, which is the same), one after
   * another. At `POSTHORN_UNRELIABLE_URL` it is behind a network on which things happen.
   */
  readonly run: readonly Command[];
  /** What it has shown then. */
  readonly shows: string;
}

const DOCUMENT = join('..', '..', 'clients', 'openapi.json');
const DOCUMENT_30 = join('..', '..', 'clients', 'openapi-3.0.json');
const PYTHON = join('venv', 'bin', 'python');
const OAPI_CODEGEN = 'github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2';

const GENERATED = 'generated and compiled; publishes, lists and retries';
const OURS = 'installs, type checks, verifies, and ends with exactly 1,000 events';
const GO_README = join('clients', 'go', 'README.md');
const BARE = join('bare', 'bin', 'python');
const WHEEL = join('wheels', 'posthorn-0.1.0-py3-none-any.whl');

/** The languages beside TypeScript, whose clients `npm test` compiles and runs. */
export const LANGUAGES: readonly Language[] = [
  {
    name: 'python',
    needs: [['python3', '-c', 'import sys, venv; sys.exit(sys.version_info < (3, 10))']],
    sources: 'python',
    build: [
      ['python3', '-m', 'venv', 'venv'],
      [PYTHON, '-m', 'pip', 'install', '--quiet', '--no-compile', 'openapi-python-client==0.29.1'],
      [
        join('venv', 'bin', 'openapi-python-client'),
        'generate',
        ...['--path', DOCUMENT, '--meta', 'none', '--output-path', 'posthorn_client', '--overwrite'],
        ...['--config', 'config.yml'],
      ],
      [PYTHON, '-m', 'compileall', '-q', 'posthorn_client'],
    ],
    run: [[PYTHON, 'publish_list_retry.py']],
    shows: GENERATED,
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
    run: [['./client']],
    shows: GENERATED,
  },
  {
    name: 'java',
    needs: [
      ['java', '-version'],
      ['mvn', '-version'],
    ],
    sources: 'java',
    build: [['mvn', '--quiet', '--batch-mode', 'compile']],
    run: [['java', '-cp', 'target/classes:target/dependency/*', 'PublishListRetry']],
    shows: GENERATED,
  },
  {
    name: 'python-client',
    needs: [['python3', '-c', 'import sys, venv; sys.exit(sys.version_info < (3, 9))']],
    sources: 'python-client',
    libraries: [join('clients', 'python')],
    examples: [{ page: join('clients', 'python', 'README.md'), file: 'first_example.py' }],
    build: [
      ['python3', '-m', 'venv', '--clear', 'bare'],
      [BARE, '-m', 'pip', 'wheel', '--quiet', '--no-deps', '--wheel-dir', 'wheels', './python'],
      [BARE, '-m', 'pip', 'install', '--quiet', '--no-compile', '--no-index', WHEEL],
      [BARE, '-m', 'unittest', 'discover', '-s', join('python', 'tests')],
      ['python3', '-m', 'venv', '--clear', 'venv'],
      [
        PYTHON,
        '-m',
        'pip',
        'install',
        '--quiet',
        '--no-compile',
        `${WHEEL}[client]`,
        'mypy',
        'flask',
        'fastapi',
        'django',
      ],
      [PYTHON, '-m', 'mypy', '--strict', '-p', 'posthorn'],
      [PYTHON, '-m', 'mypy', '--strict', 'first_example.py'],
    ],
    run: [
      [PYTHON, 'first_example.py'],
      [PYTHON, 'recipes.py'],
      [PYTHON, 'asyncio_client.py'],
      [PYTHON, 'producer.py'],
    ],
    shows: OURS,
  },
  {
    name: 'go-client',
    needs: [['go', 'version']],
    sources: 'go-client',
    libraries: [join('clients', 'go')],
    examples: [
      { page: GO_README, file: join('example', 'main.go') },
      goRecipe('net-http', 'net-http'),
      goRecipe('net-http', 'net-http-mistaken', [', nil))', ', writtenAgain(http.DefaultServeMux)))']),
      goRecipe('gin', 'gin'),
      goRecipe('gin', 'gin-mistaken', ['Verify(body,', 'Verify(writtenAgain(body),']),
    ],
    build: [
      ['go', 'mod', 'tidy'],
      ['go', 'vet', './...'],
      ['go', '-C', 'go', 'vet', './...'],
      ['go', '-C', 'go', 'test', './...'],
      ['go', 'build', '-o', 'bin/', './...'],
    ],
    run: [['./bin/example'], ['./bin/recipes'], ['./bin/producer']],
    shows: OURS,
  },
];

function goRecipe(recipe: string, folder: string, mistake?: Example['mistake']): Example {
  return {
    page: GO_README,
    recipe,
    file: join(folder, 'main.go'),
    ...(mistake !== undefined && { mistake }),
  };
}
