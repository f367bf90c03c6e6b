import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../conformance/run-command.ts';

const COMPILER = join('node_modules', 'typescript', 'bin', 'tsc');
const DECLARED = [join('dist', 'clients', 'typescript'), join('dist', 'src', 'signature')];

/** Writes the types of `clients/typescript`, and of the receivers' library, beside what is compiled. */
export async function declareClients(): Promise<void> {
  const { ok, output } = await runCommand([
    process.execPath,
    COMPILER,
    '--project',
    join('clients', 'tsconfig.json'),
  ]);
  if (!ok) throw new Error(`the types of the clients cannot be declared:\n${output}`);
  for (const file of DECLARED.flatMap(declarationsIn)) {
    // The compiler leaves `.ts` in declarations, and there is no such file in a package.
    const text = readFileSync(file, 'utf8').replaceAll(
      /((?:from|import\()\s*['"]\.[^'"]*)\.ts(['"])/g,
      '$1.js$2',
    );
    writeFileSync(file, text);
  }
}

function declarationsIn(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.d.ts'))
    .map((name) => join(directory, name));
}
